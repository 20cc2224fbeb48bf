import java.nio.file.Path;
import java.util.List;
import jnr.ffi.Pointer;
import ru.serce.jnrfuse.FuseFillDir;
import ru.serce.jnrfuse.FuseStubFS;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.FuseFileInfo;
import ru.serce.jnrfuse.struct.Statvfs;

/** The null file system on jnr-fuse. JnrFuseServer [--shipped] MOUNTPOINT */
public final class JnrFuseServer extends FuseStubFS {
  private static final int BLOCKS = 1 << 20;

  private final NullNames names = new NullNames();
  private final byte[] content = NullNames.content();

  public static void main(String[] arguments) throws Exception {
    boolean shipped = arguments[0].equals("--shipped");
    Path mountPoint = Path.of(arguments[arguments.length - 1]);
    String common = "fsname=null,attr_timeout=0,entry_timeout=0,negative_timeout=0";
    String equal = ",big_writes,max_write=131072,max_background=" + NullNames.MAX_BACKGROUND;
    String options = shipped ? common : common + equal;
    new JnrFuseServer().mount(mountPoint, false, false, new String[] {"-o", options});
    NullNames.converse();
    new ProcessBuilder(List.of("umount", "--lazy", mountPoint.toString())).start().waitFor();
    Runtime.getRuntime().halt(0);
  }

  @Override
  public int getattr(String path, FileStat stat) {
    long size = names.find(path);
    if (size == NullNames.MISSING) {
      return -NullNames.ENOENT;
    }
    boolean directory = size == NullNames.DIRECTORY;
    stat.st_mode.set(directory ? FileStat.S_IFDIR | 0755 : FileStat.S_IFREG | 0644);
    stat.st_nlink.set(1);
    stat.st_size.set(directory ? 0 : size);
    return 0;
  }

  @Override
  public int open(String path, FuseFileInfo file) {
    return 0;
  }

  @Override
  public int create(String path, long mode, FuseFileInfo file) {
    return names.create(path) ? 0 : -NullNames.EPERM;
  }

  @Override
  public int unlink(String path) {
    return names.remove(path) ? 0 : -NullNames.EPERM;
  }

  @Override
  public int read(String path, Pointer buffer, long count, long offset, FuseFileInfo file) {
    int bytes = names.readable(path, offset, count);
    buffer.put(0, content, 0, bytes);
    return bytes;
  }

  @Override
  public int write(String path, Pointer buffer, long count, long offset, FuseFileInfo file) {
    return (int) count;
  }

  @Override
  public int truncate(String path, long size) {
    return 0;
  }

  @Override
  public int fsync(String path, int dataOnly, FuseFileInfo file) {
    return 0;
  }

  @Override
  public int release(String path, FuseFileInfo file) {
    return 0;
  }

  @Override
  public int opendir(String path, FuseFileInfo file) {
    return 0;
  }

  @Override
  public int readdir(
      String path, Pointer buffer, FuseFillDir filler, long offset, FuseFileInfo file) {
    for (int i = 0; NullNames.isLargeDirectory(path) && i < NullNames.LISTED_FILES; i++) {
      filler.apply(buffer, names.listed(i), null, 0);
    }
    return 0;
  }

  @Override
  public int releasedir(String path, FuseFileInfo file) {
    return 0;
  }

  @Override
  public int statfs(String path, Statvfs status) {
    status.f_bsize.set(NullNames.PAGE);
    status.f_frsize.set(NullNames.PAGE);
    status.f_blocks.set(BLOCKS);
    status.f_bfree.set(BLOCKS);
    status.f_bavail.set(BLOCKS);
    status.f_namemax.set(255);
    return 0;
  }
}
