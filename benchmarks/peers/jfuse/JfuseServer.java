import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.cryptomator.jfuse.api.DirFiller;
import org.cryptomator.jfuse.api.Errno;
import org.cryptomator.jfuse.api.FileInfo;
import org.cryptomator.jfuse.api.Fuse;
import org.cryptomator.jfuse.api.FuseBuilder;
import org.cryptomator.jfuse.api.FuseConfig;
import org.cryptomator.jfuse.api.FuseConnInfo;
import org.cryptomator.jfuse.api.FuseOperations;
import org.cryptomator.jfuse.api.Stat;
import org.cryptomator.jfuse.api.Statvfs;

/** The null file system on jfuse. JfuseServer [--shipped] MOUNTPOINT */
public final class JfuseServer implements FuseOperations {
  /** What jfuse's own readiness check asks for. */
  private static final String PROBE = "/jfuse_mount_probe";

  private static final int BLOCKS = 1 << 20;

  private final NullNames names = new NullNames();
  private final byte[] content = NullNames.content();
  private final Errno errno;
  private final boolean shipped;

  private JfuseServer(Errno errno, boolean shipped) {
    this.errno = errno;
    this.shipped = shipped;
  }

  public static void main(String[] arguments) throws Exception {
    boolean shipped = arguments[0].equals("--shipped");
    Path mountPoint = Path.of(arguments[arguments.length - 1]);
    FuseBuilder builder = Fuse.builder();
    builder.setLibraryPath(System.getProperty("libfuse"));
    Fuse fuse = builder.build(new JfuseServer(builder.errno(), shipped));
    fuse.mount(
        "null",
        mountPoint,
        "-ofsname=null",
        "-oattr_timeout=0",
        "-oentry_timeout=0",
        "-onegative_timeout=0");
    NullNames.converse();
    new ProcessBuilder(List.of("umount", "--lazy", mountPoint.toString())).start().waitFor();
    Runtime.getRuntime().halt(0);
  }

  @Override
  public Errno errno() {
    return errno;
  }

  @Override
  public Set<Operation> supportedOperations() {
    return EnumSet.of(
        Operation.INIT,
        Operation.GET_ATTR,
        Operation.OPEN,
        Operation.CREATE,
        Operation.UNLINK,
        Operation.READ,
        Operation.WRITE,
        Operation.TRUNCATE,
        Operation.FSYNC,
        Operation.RELEASE,
        Operation.OPEN_DIR,
        Operation.READ_DIR,
        Operation.RELEASE_DIR,
        Operation.STATFS);
  }

  @Override
  public void init(FuseConnInfo connection, FuseConfig config) {
    if (shipped) {
      return;
    }
    int wanted =
        FuseConnInfo.FUSE_CAP_ASYNC_READ
            | FuseConnInfo.FUSE_CAP_ATOMIC_O_TRUNC
            | FuseConnInfo.FUSE_CAP_PARALLEL_DIROPS
            | FuseConnInfo.FUSE_CAP_ASYNC_DIO;
    connection.setWant(wanted & connection.capable());
    connection.setMaxBackground(NullNames.MAX_BACKGROUND);
  }

  @Override
  public int getattr(String path, Stat stat, FileInfo file) {
    long size = names.find(path);
    if (size == NullNames.MISSING) {
      return path.equals(PROBE) ? -errno.enoent() : -NullNames.ENOENT;
    }
    boolean directory = size == NullNames.DIRECTORY;
    stat.setMode(directory ? Stat.S_IFDIR | 0755 : Stat.S_IFREG | 0644);
    stat.setNLink((short) 1);
    stat.setSize(directory ? 0 : size);
    return 0;
  }

  @Override
  public int open(String path, FileInfo file) {
    return 0;
  }

  @Override
  public int create(String path, int mode, FileInfo file) {
    return names.create(path) ? 0 : -NullNames.EPERM;
  }

  @Override
  public int unlink(String path) {
    return names.remove(path) ? 0 : -NullNames.EPERM;
  }

  @Override
  public int read(String path, ByteBuffer buffer, long count, long offset, FileInfo file) {
    int bytes = names.readable(path, offset, count);
    buffer.put(content, 0, bytes);
    return bytes;
  }

  @Override
  public int write(String path, ByteBuffer buffer, long count, long offset, FileInfo file) {
    return (int) count;
  }

  @Override
  public int truncate(String path, long size, FileInfo file) {
    return 0;
  }

  @Override
  public int fsync(String path, int dataOnly, FileInfo file) {
    return 0;
  }

  @Override
  public int release(String path, FileInfo file) {
    return 0;
  }

  @Override
  public int opendir(String path, FileInfo file) {
    return 0;
  }

  @Override
  public int readdir(String path, DirFiller filler, long offset, FileInfo file, int flags) {
    try {
      for (int i = 0; NullNames.isLargeDirectory(path) && i < NullNames.LISTED_FILES; i++) {
        filler.fill(names.listed(i));
      }
      return 0;
    } catch (IOException e) {
      return -errno.eio();
    }
  }

  @Override
  public int releasedir(String path, FileInfo file) {
    return 0;
  }

  @Override
  public int statfs(String path, Statvfs status) {
    status.setBsize(NullNames.PAGE);
    status.setFrsize(NullNames.PAGE);
    status.setBlocks(BLOCKS);
    status.setBfree(BLOCKS);
    status.setBavail(BLOCKS);
    status.setNameMax(255);
    return 0;
  }
}
