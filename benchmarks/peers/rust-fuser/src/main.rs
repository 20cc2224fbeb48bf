//! The null file system on fuser.  null-fuser [--threads N] [--shipped] MOUNTPOINT

#[path = "../../rust/null.rs"]
mod null;

use fuser::{
    Config, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo,
    InitFlags, KernelConfig, LockOwner, MountOption, OpenFlags, ReplyAttr, ReplyCreate, ReplyData,
    ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyOpen, ReplyStatfs, ReplyWrite, Request, TimeOrNow,
    WriteFlags,
};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

const MAX_BACKGROUND: u16 = 64;

struct NullFs {
    files: null::Files,
    content: Vec<u8>,
    /// Only what fuser does by itself.
    shipped: bool,
}

fn attributes(node: u64) -> FileAttr {
    let directory = null::is_directory(node);
    FileAttr {
        ino: INodeNo(node),
        size: null::size(node),
        blocks: null::size(node) / 512,
        atime: SystemTime::UNIX_EPOCH,
        mtime: SystemTime::UNIX_EPOCH,
        ctime: SystemTime::UNIX_EPOCH,
        crtime: SystemTime::UNIX_EPOCH,
        kind: if directory { FileType::Directory } else { FileType::RegularFile },
        perm: if directory { 0o755 } else { 0o644 },
        nlink: 1,
        uid: 0,
        gid: 0,
        rdev: 0,
        blksize: null::PAGE,
        flags: 0,
    }
}

impl NullFs {
    fn open_flags(&self) -> FopenFlags {
        if self.shipped { FopenFlags::empty() } else { FopenFlags::FOPEN_NOFLUSH }
    }
}

impl Filesystem for NullFs {
    fn init(&mut self, _: &Request, config: &mut KernelConfig) -> std::io::Result<()> {
        if !self.shipped {
            let wanted = InitFlags::FUSE_ATOMIC_O_TRUNC
                | InitFlags::FUSE_PARALLEL_DIROPS
                | InitFlags::FUSE_ASYNC_DIO;
            config
                .add_capabilities(wanted & config.capabilities())
                .and_then(|()| config.set_max_write(null::CONTENT_BYTES as u32).or(Ok(0)).map(|_| ()))
                .map_err(|_| std::io::Error::other("capabilities"))?;
            config.set_max_background(MAX_BACKGROUND).map_err(|_| std::io::Error::other("limit"))?;
        }
        Ok(())
    }

    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        match self.files.find(parent.0, name.as_bytes()) {
            Some(node) => reply.entry(&Duration::ZERO, &attributes(node), Generation(0)),
            None => reply.error(Errno::ENOENT),
        }
    }

    fn forget(&self, _: &Request, _: INodeNo, _: u64) {}

    fn getattr(&self, _: &Request, node: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        reply.attr(&Duration::ZERO, &attributes(node.0));
    }

    fn setattr(
        &self,
        _: &Request,
        node: INodeNo,
        _mode: Option<u32>,
        _uid: Option<u32>,
        _gid: Option<u32>,
        size: Option<u64>,
        _atime: Option<TimeOrNow>,
        _mtime: Option<TimeOrNow>,
        _ctime: Option<SystemTime>,
        _handle: Option<FileHandle>,
        _crtime: Option<SystemTime>,
        _chgtime: Option<SystemTime>,
        _bkuptime: Option<SystemTime>,
        _flags: Option<fuser::BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        let mut answer = attributes(node.0);
        answer.size = size.unwrap_or(answer.size);
        reply.attr(&Duration::ZERO, &answer);
    }

    fn unlink(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        if self.files.remove(name.as_bytes()) {
            reply.ok();
        } else {
            reply.error(Errno::EPERM);
        }
    }

    fn open(&self, _: &Request, node: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        reply.opened(FileHandle(node.0), self.open_flags());
    }

    fn create(
        &self,
        _: &Request,
        _parent: INodeNo,
        name: &OsStr,
        _mode: u32,
        _umask: u32,
        _flags: i32,
        reply: ReplyCreate,
    ) {
        match self.files.create(name.as_bytes()) {
            Some(node) => reply.created(
                &Duration::ZERO,
                &attributes(node),
                Generation(0),
                FileHandle(node),
                self.open_flags(),
            ),
            None => reply.error(Errno::EPERM),
        }
    }

    fn read(
        &self,
        _: &Request,
        node: INodeNo,
        _handle: FileHandle,
        offset: u64,
        size: u32,
        _flags: OpenFlags,
        _owner: Option<LockOwner>,
        reply: ReplyData,
    ) {
        reply.data(&self.content[..null::readable(node.0, offset, size)]);
    }

    fn write(
        &self,
        _: &Request,
        _node: INodeNo,
        _handle: FileHandle,
        _offset: u64,
        data: &[u8],
        _write_flags: WriteFlags,
        _flags: OpenFlags,
        _owner: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        reply.written(data.len() as u32);
    }

    fn release(
        &self,
        _: &Request,
        _node: INodeNo,
        _handle: FileHandle,
        _flags: OpenFlags,
        _owner: Option<LockOwner>,
        _flush: bool,
        reply: ReplyEmpty,
    ) {
        reply.ok();
    }

    fn fsync(&self, _: &Request, _: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        reply.ok();
    }

    fn opendir(&self, _: &Request, node: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        reply.opened(FileHandle(node.0), FopenFlags::empty());
    }

    fn readdir(
        &self,
        _: &Request,
        node: INodeNo,
        _handle: FileHandle,
        offset: u64,
        mut reply: ReplyDirectory,
    ) {
        let end = if node.0 == null::DIRECTORY { null::LISTED_FILES } else { 0 };
        for index in offset..end {
            let name = null::listed_name(index);
            if reply.add(INodeNo(null::listed(index)), index + 1, FileType::RegularFile, name) {
                break;
            }
        }
        reply.ok();
    }

    fn releasedir(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        _: OpenFlags,
        reply: ReplyEmpty,
    ) {
        reply.ok();
    }

    fn statfs(&self, _: &Request, _: INodeNo, reply: ReplyStatfs) {
        let blocks = 1 << 20;
        reply.statfs(blocks, blocks, blocks, blocks, blocks, null::PAGE, 255, null::PAGE);
    }
}

fn main() -> std::io::Result<()> {
    let mut config = Config::default();
    config.mount_options.push(MountOption::FSName("null".to_string()));
    let mut shipped = false;
    let mut mount_point = PathBuf::new();
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--threads") => {
                let number = arguments.next().and_then(|value| value.to_str()?.parse().ok());
                config.n_threads = Some(number.expect("--threads N"));
            }
            Some("--shipped") => shipped = true,
            _ => mount_point = argument.into(),
        }
    }
    let file_system =
        NullFs { files: null::Files::new(), content: vec![b'x'; null::CONTENT_BYTES], shipped };
    let session = fuser::spawn_mount(file_system, &mount_point, &config)?;
    null::converse()?;
    null::unmount(&mount_point);
    drop(session);
    Ok(())
}
