//! The null file system on rfuse3.
//! null-rfuse3 [--unprivileged] [--workers N] [--shipped] MOUNTPOINT

#[path = "../../rust/null.rs"]
mod null;

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use rfuse3::raw::prelude::*;
use rfuse3::{Errno, MountOptions, Result, Timestamp};
use std::ffi::OsStr;
use std::num::NonZeroU32;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::Duration;

const MAX_BACKGROUND: usize = 64;
const NOFLUSH: u32 = 1 << 5;

struct NullFs {
    files: null::Files,
    content: Bytes,
    max_write: NonZeroU32,
    open_flags: u32,
}

fn attributes(node: u64) -> FileAttr {
    let directory = null::is_directory(node);
    let epoch = Timestamp::new(0, 0);
    FileAttr {
        ino: node,
        size: null::size(node),
        blocks: null::size(node) / 512,
        atime: epoch,
        mtime: epoch,
        ctime: epoch,
        kind: if directory { FileType::Directory } else { FileType::RegularFile },
        perm: if directory { 0o755 } else { 0o644 },
        nlink: 1,
        uid: 0,
        gid: 0,
        rdev: 0,
        blksize: null::PAGE,
    }
}

fn entry(node: u64) -> ReplyEntry {
    ReplyEntry { ttl: Duration::ZERO, attr: attributes(node), generation: 0 }
}

impl Filesystem for NullFs {
    async fn init(&self, _: Request) -> Result<ReplyInit> {
        Ok(ReplyInit { max_write: self.max_write })
    }

    async fn destroy(&self, _: Request) {}

    async fn lookup(&self, _: Request, parent: u64, name: &OsStr) -> Result<ReplyEntry> {
        let found = self.files.find(parent, name.as_bytes()).map(entry);
        found.ok_or(Errno::from(libc::ENOENT))
    }

    async fn forget(&self, _: Request, _: u64, _: u64) {}

    async fn getattr(&self, _: Request, node: u64, _: Option<u64>, _: u32) -> Result<ReplyAttr> {
        Ok(ReplyAttr { ttl: Duration::ZERO, attr: attributes(node) })
    }

    async fn setattr(
        &self,
        _: Request,
        node: u64,
        _: Option<u64>,
        set: rfuse3::SetAttr,
    ) -> Result<ReplyAttr> {
        let mut attr = attributes(node);
        attr.size = set.size.unwrap_or(attr.size);
        Ok(ReplyAttr { ttl: Duration::ZERO, attr })
    }

    async fn unlink(&self, _: Request, _: u64, name: &OsStr) -> Result<()> {
        self.files.remove(name.as_bytes()).then_some(()).ok_or(Errno::from(libc::EPERM))
    }

    async fn open(&self, _: Request, node: u64, _: u32) -> Result<ReplyOpen> {
        Ok(ReplyOpen { fh: node, flags: self.open_flags })
    }

    async fn create(
        &self,
        _: Request,
        _: u64,
        name: &OsStr,
        _: u32,
        _: u32,
    ) -> Result<ReplyCreated> {
        let node = self.files.create(name.as_bytes()).ok_or(Errno::from(libc::EPERM))?;
        Ok(ReplyCreated {
            ttl: Duration::ZERO,
            attr: attributes(node),
            generation: 0,
            fh: node,
            flags: self.open_flags,
        })
    }

    async fn read(
        &self,
        _: Request,
        node: u64,
        _: u64,
        offset: u64,
        size: u32,
    ) -> Result<ReplyData> {
        Ok(self.content.slice(..null::readable(node, offset, size)).into())
    }

    #[allow(clippy::too_many_arguments)]
    async fn write(
        &self,
        _: Request,
        _: u64,
        _: u64,
        _: u64,
        data: &[u8],
        _: u32,
        _: u32,
    ) -> Result<ReplyWrite> {
        Ok(ReplyWrite { written: data.len() as u32 })
    }

    async fn release(&self, _: Request, _: u64, _: u64, _: u32, _: u64, _: bool) -> Result<()> {
        Ok(())
    }

    async fn opendir(&self, _: Request, node: u64, _: u32) -> Result<ReplyOpen> {
        Ok(ReplyOpen { fh: node, flags: 0 })
    }

    async fn readdir<'a>(
        &'a self,
        _: Request,
        node: u64,
        _: u64,
        offset: i64,
    ) -> Result<ReplyDirectory<impl Stream<Item = Result<DirectoryEntry>> + Send + 'a>> {
        let end = if node == null::DIRECTORY { null::LISTED_FILES } else { 0 };
        let entries = (offset as u64..end).map(|index| {
            Ok(DirectoryEntry {
                inode: null::listed(index),
                kind: FileType::RegularFile,
                name: null::listed_name(index).into(),
                offset: index as i64 + 1,
            })
        });
        Ok(ReplyDirectory { entries: stream::iter(entries) })
    }

    async fn readdirplus<'a>(
        &'a self,
        _: Request,
        node: u64,
        _: u64,
        offset: u64,
        _: u64,
    ) -> Result<ReplyDirectoryPlus<impl Stream<Item = Result<DirectoryEntryPlus>> + Send + 'a>>
    {
        let end = if node == null::DIRECTORY { null::LISTED_FILES } else { 0 };
        let entries = (offset..end).map(|index| {
            Ok(DirectoryEntryPlus {
                inode: null::listed(index),
                generation: 0,
                kind: FileType::RegularFile,
                name: null::listed_name(index).into(),
                offset: index as i64 + 1,
                attr: attributes(null::listed(index)),
                entry_ttl: Duration::ZERO,
                attr_ttl: Duration::ZERO,
            })
        });
        Ok(ReplyDirectoryPlus { entries: stream::iter(entries) })
    }

    async fn statfs(&self, _: Request, _: u64) -> Result<ReplyStatFs> {
        let blocks = 1 << 20;
        Ok(ReplyStatFs {
            blocks,
            bfree: blocks,
            bavail: blocks,
            files: blocks,
            ffree: blocks,
            bsize: null::PAGE,
            namelen: 255,
            frsize: null::PAGE,
        })
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut unprivileged = false;
    let mut shipped = false;
    let mut workers = 0;
    let mut mount_point = PathBuf::new();
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--unprivileged") => unprivileged = true,
            Some("--shipped") => shipped = true,
            Some("--workers") => {
                let number = arguments.next().and_then(|value| value.to_str()?.parse().ok());
                workers = number.expect("--workers N");
            }
            _ => mount_point = argument.into(),
        }
    }
    let bytes = NonZeroU32::new(null::CONTENT_BYTES as u32).expect("not 0");
    let mut options = MountOptions::default();
    options.fs_name("null");
    let mut max_write = ReplyInit::default().max_write;
    if !shipped {
        options.max_write(bytes);
        max_write = bytes;
    }
    let file_system = NullFs {
        files: null::Files::new(),
        content: Bytes::from(vec![b'x'; null::CONTENT_BYTES]),
        max_write,
        open_flags: if shipped { 0 } else { NOFLUSH },
    };
    let session = Session::new(options);
    let session =
        if workers > 0 { session.with_workers(workers, MAX_BACKGROUND) } else { session };
    let mount = if unprivileged {
        session.mount_with_unprivileged(file_system, &mount_point).await?
    } else {
        session.mount(file_system, &mount_point).await?
    };
    tokio::task::spawn_blocking(null::converse).await??;
    null::unmount(&mount_point);
    std::mem::forget(mount); // it would unmount once more, and wait
    std::process::exit(0);
}
