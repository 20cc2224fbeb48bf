//! The names, nodes and sizes of the null file system (see native/null.h), and the conversation
//! with the benchmark. Shared by the servers in Rust.

use std::ffi::CString;
use std::io::{self, BufRead, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

pub const ROOT: u64 = 1;
pub const BIG: u64 = 2;
pub const DIRECTORY: u64 = 3;
pub const LISTED_FILES: u64 = 10_000;
pub const CONTENT_BYTES: usize = 1 << 20;
pub const PAGE: u32 = 4096;

const KIND_SHIFT: u32 = 56;
const PLAIN: u64 = 1 << KIND_SHIFT;
const BLOCK: u64 = 2 << KIND_SHIFT;
const LISTED: u64 = 3 << KIND_SHIFT;
const CREATED: u64 = 4 << KIND_SHIFT;
const CREATED_SHIFT: u32 = 40;
const BLOCK_FILES: u64 = 1000;
const CLIENT_THREADS: usize = 1024;

/// What exists besides the constant names: one file at a time for each client thread.
pub struct Files {
    created: Vec<AtomicU64>,
}

impl Files {
    pub fn new() -> Self {
        Files { created: (0..CLIENT_THREADS).map(|_| AtomicU64::new(0)).collect() }
    }

    /// The node with this name.
    pub fn find(&self, parent: u64, name: &[u8]) -> Option<u64> {
        let (first, rest) = name.split_first()?;
        match (parent, first) {
            (DIRECTORY, b'n') => number(rest).filter(|n| *n < LISTED_FILES).map(|n| LISTED | n),
            (ROOT, b'f') => number(rest).map(|n| PLAIN | n),
            (ROOT, b'b') if rest == b"ig" => Some(BIG),
            (ROOT, b'b') => number(rest).filter(|n| *n < BLOCK_FILES).map(|n| BLOCK | n),
            (ROOT, b'd') if rest == b"10k" => Some(DIRECTORY),
            (ROOT, b'c') => {
                let (thread, serial) = parse_created(name)?;
                let exists = self.created[thread].load(Relaxed) == serial + 1;
                exists.then(|| created_node(thread, serial))
            }
            _ => None,
        }
    }

    /// Makes c<thread>_<n> exist.
    pub fn create(&self, name: &[u8]) -> Option<u64> {
        let (thread, serial) = parse_created(name)?;
        self.created[thread].store(serial + 1, Relaxed);
        Some(created_node(thread, serial))
    }

    /// Removes c<thread>_<n>; false for any other name.
    pub fn remove(&self, name: &[u8]) -> bool {
        match parse_created(name) {
            Some((thread, _)) => {
                self.created[thread].store(0, Relaxed);
                true
            }
            None => false,
        }
    }
}

fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.len() > 12 {
        return None;
    }
    digits.iter().try_fold(0u64, |value, digit| {
        digit.is_ascii_digit().then(|| value * 10 + u64::from(digit - b'0'))
    })
}

fn parse_created(name: &[u8]) -> Option<(usize, u64)> {
    let separator = name.iter().position(|byte| *byte == b'_')?;
    if name[0] != b'c' {
        return None;
    }
    let thread = number(&name[1..separator])? as usize;
    let serial = number(&name[separator + 1..])?;
    (thread < CLIENT_THREADS).then_some((thread, serial))
}

fn created_node(thread: usize, serial: u64) -> u64 {
    CREATED | (thread as u64) << CREATED_SHIFT | serial
}

pub fn is_directory(node: u64) -> bool {
    node == ROOT || node == DIRECTORY
}

pub fn size(node: u64) -> u64 {
    match node {
        BIG => 256 << 20,
        _ if node >> KIND_SHIFT == BLOCK >> KIND_SHIFT => 32 << 20,
        _ => 0,
    }
}

/// How many bytes a read at this place gets.
pub fn readable(node: u64, offset: u64, wanted: u32) -> usize {
    let left = size(node).saturating_sub(offset);
    left.min(u64::from(wanted)).min(CONTENT_BYTES as u64) as usize
}

pub fn listed(index: u64) -> u64 {
    LISTED | index
}

pub fn listed_name(index: u64) -> String {
    format!("n{index:05}")
}

/// Says that the mount is there and answers each line with counts, until the end of the input.
pub fn converse() -> io::Result<()> {
    println!("ready");
    io::stdout().flush()?;
    for line in io::stdin().lock().lines() {
        line?;
        println!("{{\"heapBytes\":0,\"collections\":0,\"pauseMillis\":0,\"compilationMillis\":0}}");
        io::stdout().flush()?;
    }
    Ok(())
}

/// Unmounts without waiting for anybody.
pub fn unmount(mount_point: &Path) {
    let path = CString::new(mount_point.as_os_str().as_bytes()).expect("a path has no NUL");
    unsafe { libc::umount2(path.as_ptr(), libc::MNT_DETACH) };
}
