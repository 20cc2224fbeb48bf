/*
 * Prints what a C compiler makes of linux/fuse.h: sizes, offsets and values.
 *
 * cc -std=c11 -DHEADER='"fuse_kernel.h"' abi.c    with the header of protocol 7.45 made abi.golden
 * cc -std=c11 -DHEADER='<linux/fuse.h>' abi.c     is what the tests do with the machine's header
 *
 * Left out: flexible arrays, which have no size, and fuse_statfs_out and fuse_lk_out, which only
 * wrap another struct.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <linux/fs.h>
#include HEADER

#define MINOR FUSE_KERNEL_MINOR_VERSION
#if MINOR < 38
#error "the header is older than Linux 6.2"
#endif

#define STRUCT(s) printf("struct %s %zu\n", #s, sizeof(struct s))
#define FIELD(s, f) \
  printf("field %s.%s %zu %zu\n", #s, #f, offsetof(struct s, f), sizeof(((struct s *)0)->f))
#define VALUE(kind, v) \
  printf("%s %s %llu\n", #kind, #v, \
         sizeof(v) == 4 ? (unsigned long long)(uint32_t)(v) : (unsigned long long)(v))

static void structs(void) {
  STRUCT(fuse_attr);
  FIELD(fuse_attr, ino);
  FIELD(fuse_attr, size);
  FIELD(fuse_attr, blocks);
  FIELD(fuse_attr, atime);
  FIELD(fuse_attr, mtime);
  FIELD(fuse_attr, ctime);
  FIELD(fuse_attr, atimensec);
  FIELD(fuse_attr, mtimensec);
  FIELD(fuse_attr, ctimensec);
  FIELD(fuse_attr, mode);
  FIELD(fuse_attr, nlink);
  FIELD(fuse_attr, uid);
  FIELD(fuse_attr, gid);
  FIELD(fuse_attr, rdev);
  FIELD(fuse_attr, blksize);
  FIELD(fuse_attr, flags);
#if MINOR >= 39
  STRUCT(fuse_sx_time);
  FIELD(fuse_sx_time, tv_sec);
  FIELD(fuse_sx_time, tv_nsec);
  FIELD(fuse_sx_time, __reserved);
#endif
#if MINOR >= 39
  STRUCT(fuse_statx);
  FIELD(fuse_statx, mask);
  FIELD(fuse_statx, blksize);
  FIELD(fuse_statx, attributes);
  FIELD(fuse_statx, nlink);
  FIELD(fuse_statx, uid);
  FIELD(fuse_statx, gid);
  FIELD(fuse_statx, mode);
  FIELD(fuse_statx, __spare0);
  FIELD(fuse_statx, ino);
  FIELD(fuse_statx, size);
  FIELD(fuse_statx, blocks);
  FIELD(fuse_statx, attributes_mask);
  FIELD(fuse_statx, atime);
  FIELD(fuse_statx, btime);
  FIELD(fuse_statx, ctime);
  FIELD(fuse_statx, mtime);
  FIELD(fuse_statx, rdev_major);
  FIELD(fuse_statx, rdev_minor);
  FIELD(fuse_statx, dev_major);
  FIELD(fuse_statx, dev_minor);
  FIELD(fuse_statx, __spare2);
#endif
  STRUCT(fuse_kstatfs);
  FIELD(fuse_kstatfs, blocks);
  FIELD(fuse_kstatfs, bfree);
  FIELD(fuse_kstatfs, bavail);
  FIELD(fuse_kstatfs, files);
  FIELD(fuse_kstatfs, ffree);
  FIELD(fuse_kstatfs, bsize);
  FIELD(fuse_kstatfs, namelen);
  FIELD(fuse_kstatfs, frsize);
  FIELD(fuse_kstatfs, padding);
  FIELD(fuse_kstatfs, spare);
  STRUCT(fuse_file_lock);
  FIELD(fuse_file_lock, start);
  FIELD(fuse_file_lock, end);
  FIELD(fuse_file_lock, type);
  FIELD(fuse_file_lock, pid);
  STRUCT(fuse_entry_out);
  FIELD(fuse_entry_out, nodeid);
  FIELD(fuse_entry_out, generation);
  FIELD(fuse_entry_out, entry_valid);
  FIELD(fuse_entry_out, attr_valid);
  FIELD(fuse_entry_out, entry_valid_nsec);
  FIELD(fuse_entry_out, attr_valid_nsec);
  FIELD(fuse_entry_out, attr);
  STRUCT(fuse_forget_in);
  FIELD(fuse_forget_in, nlookup);
  STRUCT(fuse_forget_one);
  FIELD(fuse_forget_one, nodeid);
  FIELD(fuse_forget_one, nlookup);
  STRUCT(fuse_batch_forget_in);
  FIELD(fuse_batch_forget_in, count);
  FIELD(fuse_batch_forget_in, dummy);
  STRUCT(fuse_getattr_in);
  FIELD(fuse_getattr_in, getattr_flags);
  FIELD(fuse_getattr_in, dummy);
  FIELD(fuse_getattr_in, fh);
  STRUCT(fuse_attr_out);
  FIELD(fuse_attr_out, attr_valid);
  FIELD(fuse_attr_out, attr_valid_nsec);
  FIELD(fuse_attr_out, dummy);
  FIELD(fuse_attr_out, attr);
#if MINOR >= 39
  STRUCT(fuse_statx_in);
  FIELD(fuse_statx_in, getattr_flags);
  FIELD(fuse_statx_in, reserved);
  FIELD(fuse_statx_in, fh);
  FIELD(fuse_statx_in, sx_flags);
  FIELD(fuse_statx_in, sx_mask);
#endif
#if MINOR >= 39
  STRUCT(fuse_statx_out);
  FIELD(fuse_statx_out, attr_valid);
  FIELD(fuse_statx_out, attr_valid_nsec);
  FIELD(fuse_statx_out, flags);
  FIELD(fuse_statx_out, spare);
  FIELD(fuse_statx_out, stat);
#endif
  STRUCT(fuse_mknod_in);
  FIELD(fuse_mknod_in, mode);
  FIELD(fuse_mknod_in, rdev);
  FIELD(fuse_mknod_in, umask);
  FIELD(fuse_mknod_in, padding);
  STRUCT(fuse_mkdir_in);
  FIELD(fuse_mkdir_in, mode);
  FIELD(fuse_mkdir_in, umask);
  STRUCT(fuse_rename_in);
  FIELD(fuse_rename_in, newdir);
  STRUCT(fuse_rename2_in);
  FIELD(fuse_rename2_in, newdir);
  FIELD(fuse_rename2_in, flags);
  FIELD(fuse_rename2_in, padding);
  STRUCT(fuse_link_in);
  FIELD(fuse_link_in, oldnodeid);
  STRUCT(fuse_setattr_in);
  FIELD(fuse_setattr_in, valid);
  FIELD(fuse_setattr_in, padding);
  FIELD(fuse_setattr_in, fh);
  FIELD(fuse_setattr_in, size);
  FIELD(fuse_setattr_in, lock_owner);
  FIELD(fuse_setattr_in, atime);
  FIELD(fuse_setattr_in, mtime);
  FIELD(fuse_setattr_in, ctime);
  FIELD(fuse_setattr_in, atimensec);
  FIELD(fuse_setattr_in, mtimensec);
  FIELD(fuse_setattr_in, ctimensec);
  FIELD(fuse_setattr_in, mode);
  FIELD(fuse_setattr_in, unused4);
  FIELD(fuse_setattr_in, uid);
  FIELD(fuse_setattr_in, gid);
  FIELD(fuse_setattr_in, unused5);
  STRUCT(fuse_open_in);
  FIELD(fuse_open_in, flags);
  FIELD(fuse_open_in, open_flags);
  STRUCT(fuse_create_in);
  FIELD(fuse_create_in, flags);
  FIELD(fuse_create_in, mode);
  FIELD(fuse_create_in, umask);
  FIELD(fuse_create_in, open_flags);
  STRUCT(fuse_open_out);
  FIELD(fuse_open_out, fh);
  FIELD(fuse_open_out, open_flags);
#if MINOR >= 40
  FIELD(fuse_open_out, backing_id);
#endif
  STRUCT(fuse_release_in);
  FIELD(fuse_release_in, fh);
  FIELD(fuse_release_in, flags);
  FIELD(fuse_release_in, release_flags);
  FIELD(fuse_release_in, lock_owner);
  STRUCT(fuse_flush_in);
  FIELD(fuse_flush_in, fh);
  FIELD(fuse_flush_in, unused);
  FIELD(fuse_flush_in, padding);
  FIELD(fuse_flush_in, lock_owner);
  STRUCT(fuse_read_in);
  FIELD(fuse_read_in, fh);
  FIELD(fuse_read_in, offset);
  FIELD(fuse_read_in, size);
  FIELD(fuse_read_in, read_flags);
  FIELD(fuse_read_in, lock_owner);
  FIELD(fuse_read_in, flags);
  FIELD(fuse_read_in, padding);
  STRUCT(fuse_write_in);
  FIELD(fuse_write_in, fh);
  FIELD(fuse_write_in, offset);
  FIELD(fuse_write_in, size);
  FIELD(fuse_write_in, write_flags);
  FIELD(fuse_write_in, lock_owner);
  FIELD(fuse_write_in, flags);
  FIELD(fuse_write_in, padding);
  STRUCT(fuse_write_out);
  FIELD(fuse_write_out, size);
  FIELD(fuse_write_out, padding);
  STRUCT(fuse_fsync_in);
  FIELD(fuse_fsync_in, fh);
  FIELD(fuse_fsync_in, fsync_flags);
  FIELD(fuse_fsync_in, padding);
  STRUCT(fuse_setxattr_in);
  FIELD(fuse_setxattr_in, size);
  FIELD(fuse_setxattr_in, flags);
  FIELD(fuse_setxattr_in, setxattr_flags);
  FIELD(fuse_setxattr_in, padding);
  STRUCT(fuse_getxattr_in);
  FIELD(fuse_getxattr_in, size);
  FIELD(fuse_getxattr_in, padding);
  STRUCT(fuse_getxattr_out);
  FIELD(fuse_getxattr_out, size);
  FIELD(fuse_getxattr_out, padding);
  STRUCT(fuse_lk_in);
  FIELD(fuse_lk_in, fh);
  FIELD(fuse_lk_in, owner);
  FIELD(fuse_lk_in, lk);
  FIELD(fuse_lk_in, lk_flags);
  FIELD(fuse_lk_in, padding);
  STRUCT(fuse_access_in);
  FIELD(fuse_access_in, mask);
  FIELD(fuse_access_in, padding);
  STRUCT(fuse_init_in);
  FIELD(fuse_init_in, major);
  FIELD(fuse_init_in, minor);
  FIELD(fuse_init_in, max_readahead);
  FIELD(fuse_init_in, flags);
  FIELD(fuse_init_in, flags2);
  FIELD(fuse_init_in, unused);
  STRUCT(fuse_init_out);
  FIELD(fuse_init_out, major);
  FIELD(fuse_init_out, minor);
  FIELD(fuse_init_out, max_readahead);
  FIELD(fuse_init_out, flags);
  FIELD(fuse_init_out, max_background);
  FIELD(fuse_init_out, congestion_threshold);
  FIELD(fuse_init_out, max_write);
  FIELD(fuse_init_out, time_gran);
  FIELD(fuse_init_out, max_pages);
  FIELD(fuse_init_out, map_alignment);
  FIELD(fuse_init_out, flags2);
#if MINOR >= 40
  FIELD(fuse_init_out, max_stack_depth);
#endif
#if MINOR >= 43
  FIELD(fuse_init_out, request_timeout);
#endif
#if MINOR >= 43
  FIELD(fuse_init_out, unused);
#endif
  STRUCT(cuse_init_in);
  FIELD(cuse_init_in, major);
  FIELD(cuse_init_in, minor);
  FIELD(cuse_init_in, unused);
  FIELD(cuse_init_in, flags);
  STRUCT(cuse_init_out);
  FIELD(cuse_init_out, major);
  FIELD(cuse_init_out, minor);
  FIELD(cuse_init_out, unused);
  FIELD(cuse_init_out, flags);
  FIELD(cuse_init_out, max_read);
  FIELD(cuse_init_out, max_write);
  FIELD(cuse_init_out, dev_major);
  FIELD(cuse_init_out, dev_minor);
  FIELD(cuse_init_out, spare);
  STRUCT(fuse_interrupt_in);
  FIELD(fuse_interrupt_in, unique);
  STRUCT(fuse_bmap_in);
  FIELD(fuse_bmap_in, block);
  FIELD(fuse_bmap_in, blocksize);
  FIELD(fuse_bmap_in, padding);
  STRUCT(fuse_bmap_out);
  FIELD(fuse_bmap_out, block);
  STRUCT(fuse_ioctl_in);
  FIELD(fuse_ioctl_in, fh);
  FIELD(fuse_ioctl_in, flags);
  FIELD(fuse_ioctl_in, cmd);
  FIELD(fuse_ioctl_in, arg);
  FIELD(fuse_ioctl_in, in_size);
  FIELD(fuse_ioctl_in, out_size);
  STRUCT(fuse_ioctl_iovec);
  FIELD(fuse_ioctl_iovec, base);
  FIELD(fuse_ioctl_iovec, len);
  STRUCT(fuse_ioctl_out);
  FIELD(fuse_ioctl_out, result);
  FIELD(fuse_ioctl_out, flags);
  FIELD(fuse_ioctl_out, in_iovs);
  FIELD(fuse_ioctl_out, out_iovs);
  STRUCT(fuse_poll_in);
  FIELD(fuse_poll_in, fh);
  FIELD(fuse_poll_in, kh);
  FIELD(fuse_poll_in, flags);
  FIELD(fuse_poll_in, events);
  STRUCT(fuse_poll_out);
  FIELD(fuse_poll_out, revents);
  FIELD(fuse_poll_out, padding);
  STRUCT(fuse_notify_poll_wakeup_out);
  FIELD(fuse_notify_poll_wakeup_out, kh);
  STRUCT(fuse_fallocate_in);
  FIELD(fuse_fallocate_in, fh);
  FIELD(fuse_fallocate_in, offset);
  FIELD(fuse_fallocate_in, length);
  FIELD(fuse_fallocate_in, mode);
  FIELD(fuse_fallocate_in, padding);
  STRUCT(fuse_in_header);
  FIELD(fuse_in_header, len);
  FIELD(fuse_in_header, opcode);
  FIELD(fuse_in_header, unique);
  FIELD(fuse_in_header, nodeid);
  FIELD(fuse_in_header, uid);
  FIELD(fuse_in_header, gid);
  FIELD(fuse_in_header, pid);
  FIELD(fuse_in_header, total_extlen);
  FIELD(fuse_in_header, padding);
  STRUCT(fuse_out_header);
  FIELD(fuse_out_header, len);
  FIELD(fuse_out_header, error);
  FIELD(fuse_out_header, unique);
  STRUCT(fuse_dirent);
  FIELD(fuse_dirent, ino);
  FIELD(fuse_dirent, off);
  FIELD(fuse_dirent, namelen);
  FIELD(fuse_dirent, type);
  STRUCT(fuse_direntplus);
  FIELD(fuse_direntplus, entry_out);
  FIELD(fuse_direntplus, dirent);
  STRUCT(fuse_notify_inval_inode_out);
  FIELD(fuse_notify_inval_inode_out, ino);
  FIELD(fuse_notify_inval_inode_out, off);
  FIELD(fuse_notify_inval_inode_out, len);
  STRUCT(fuse_notify_inval_entry_out);
  FIELD(fuse_notify_inval_entry_out, parent);
  FIELD(fuse_notify_inval_entry_out, namelen);
  FIELD(fuse_notify_inval_entry_out, flags);
  STRUCT(fuse_notify_delete_out);
  FIELD(fuse_notify_delete_out, parent);
  FIELD(fuse_notify_delete_out, child);
  FIELD(fuse_notify_delete_out, namelen);
  FIELD(fuse_notify_delete_out, padding);
  STRUCT(fuse_notify_store_out);
  FIELD(fuse_notify_store_out, nodeid);
  FIELD(fuse_notify_store_out, offset);
  FIELD(fuse_notify_store_out, size);
  FIELD(fuse_notify_store_out, padding);
  STRUCT(fuse_notify_retrieve_out);
  FIELD(fuse_notify_retrieve_out, notify_unique);
  FIELD(fuse_notify_retrieve_out, nodeid);
  FIELD(fuse_notify_retrieve_out, offset);
  FIELD(fuse_notify_retrieve_out, size);
  FIELD(fuse_notify_retrieve_out, padding);
  STRUCT(fuse_notify_retrieve_in);
  FIELD(fuse_notify_retrieve_in, dummy1);
  FIELD(fuse_notify_retrieve_in, offset);
  FIELD(fuse_notify_retrieve_in, size);
  FIELD(fuse_notify_retrieve_in, dummy2);
  FIELD(fuse_notify_retrieve_in, dummy3);
  FIELD(fuse_notify_retrieve_in, dummy4);
#if MINOR >= 45
  STRUCT(fuse_notify_prune_out);
  FIELD(fuse_notify_prune_out, count);
  FIELD(fuse_notify_prune_out, padding);
  FIELD(fuse_notify_prune_out, spare);
#endif
#if MINOR >= 40
  STRUCT(fuse_backing_map);
  FIELD(fuse_backing_map, fd);
  FIELD(fuse_backing_map, flags);
  FIELD(fuse_backing_map, padding);
#endif
  STRUCT(fuse_lseek_in);
  FIELD(fuse_lseek_in, fh);
  FIELD(fuse_lseek_in, offset);
  FIELD(fuse_lseek_in, whence);
  FIELD(fuse_lseek_in, padding);
  STRUCT(fuse_lseek_out);
  FIELD(fuse_lseek_out, offset);
  STRUCT(fuse_copy_file_range_in);
  FIELD(fuse_copy_file_range_in, fh_in);
  FIELD(fuse_copy_file_range_in, off_in);
  FIELD(fuse_copy_file_range_in, nodeid_out);
  FIELD(fuse_copy_file_range_in, fh_out);
  FIELD(fuse_copy_file_range_in, off_out);
  FIELD(fuse_copy_file_range_in, len);
  FIELD(fuse_copy_file_range_in, flags);
#if MINOR >= 45
  STRUCT(fuse_copy_file_range_out);
  FIELD(fuse_copy_file_range_out, bytes_copied);
#endif
  STRUCT(fuse_setupmapping_in);
  FIELD(fuse_setupmapping_in, fh);
  FIELD(fuse_setupmapping_in, foffset);
  FIELD(fuse_setupmapping_in, len);
  FIELD(fuse_setupmapping_in, flags);
  FIELD(fuse_setupmapping_in, moffset);
  STRUCT(fuse_removemapping_in);
  FIELD(fuse_removemapping_in, count);
  STRUCT(fuse_removemapping_one);
  FIELD(fuse_removemapping_one, moffset);
  FIELD(fuse_removemapping_one, len);
  STRUCT(fuse_syncfs_in);
  FIELD(fuse_syncfs_in, padding);
  STRUCT(fuse_secctx);
  FIELD(fuse_secctx, size);
  FIELD(fuse_secctx, padding);
  STRUCT(fuse_secctx_header);
  FIELD(fuse_secctx_header, size);
  FIELD(fuse_secctx_header, nr_secctx);
#if MINOR >= 39
  STRUCT(fuse_ext_header);
  FIELD(fuse_ext_header, size);
  FIELD(fuse_ext_header, type);
#endif
#if MINOR >= 39
  STRUCT(fuse_supp_groups);
  FIELD(fuse_supp_groups, nr_groups);
#endif
#if MINOR >= 42
  STRUCT(fuse_uring_ent_in_out);
  FIELD(fuse_uring_ent_in_out, flags);
  FIELD(fuse_uring_ent_in_out, commit_id);
  FIELD(fuse_uring_ent_in_out, payload_sz);
  FIELD(fuse_uring_ent_in_out, padding);
  FIELD(fuse_uring_ent_in_out, reserved);
#endif
#if MINOR >= 42
  STRUCT(fuse_uring_req_header);
  FIELD(fuse_uring_req_header, in_out);
  FIELD(fuse_uring_req_header, op_in);
  FIELD(fuse_uring_req_header, ring_ent_in_out);
#endif
#if MINOR >= 42
  STRUCT(fuse_uring_cmd_req);
  FIELD(fuse_uring_cmd_req, flags);
  FIELD(fuse_uring_cmd_req, commit_id);
  FIELD(fuse_uring_cmd_req, qid);
  FIELD(fuse_uring_cmd_req, padding);
#endif
}

static void enums(void) {
  VALUE(opcode, FUSE_LOOKUP);
  VALUE(opcode, FUSE_FORGET);
  VALUE(opcode, FUSE_GETATTR);
  VALUE(opcode, FUSE_SETATTR);
  VALUE(opcode, FUSE_READLINK);
  VALUE(opcode, FUSE_SYMLINK);
  VALUE(opcode, FUSE_MKNOD);
  VALUE(opcode, FUSE_MKDIR);
  VALUE(opcode, FUSE_UNLINK);
  VALUE(opcode, FUSE_RMDIR);
  VALUE(opcode, FUSE_RENAME);
  VALUE(opcode, FUSE_LINK);
  VALUE(opcode, FUSE_OPEN);
  VALUE(opcode, FUSE_READ);
  VALUE(opcode, FUSE_WRITE);
  VALUE(opcode, FUSE_STATFS);
  VALUE(opcode, FUSE_RELEASE);
  VALUE(opcode, FUSE_FSYNC);
  VALUE(opcode, FUSE_SETXATTR);
  VALUE(opcode, FUSE_GETXATTR);
  VALUE(opcode, FUSE_LISTXATTR);
  VALUE(opcode, FUSE_REMOVEXATTR);
  VALUE(opcode, FUSE_FLUSH);
  VALUE(opcode, FUSE_INIT);
  VALUE(opcode, FUSE_OPENDIR);
  VALUE(opcode, FUSE_READDIR);
  VALUE(opcode, FUSE_RELEASEDIR);
  VALUE(opcode, FUSE_FSYNCDIR);
  VALUE(opcode, FUSE_GETLK);
  VALUE(opcode, FUSE_SETLK);
  VALUE(opcode, FUSE_SETLKW);
  VALUE(opcode, FUSE_ACCESS);
  VALUE(opcode, FUSE_CREATE);
  VALUE(opcode, FUSE_INTERRUPT);
  VALUE(opcode, FUSE_BMAP);
  VALUE(opcode, FUSE_DESTROY);
  VALUE(opcode, FUSE_IOCTL);
  VALUE(opcode, FUSE_POLL);
  VALUE(opcode, FUSE_NOTIFY_REPLY);
  VALUE(opcode, FUSE_BATCH_FORGET);
  VALUE(opcode, FUSE_FALLOCATE);
  VALUE(opcode, FUSE_READDIRPLUS);
  VALUE(opcode, FUSE_RENAME2);
  VALUE(opcode, FUSE_LSEEK);
  VALUE(opcode, FUSE_COPY_FILE_RANGE);
  VALUE(opcode, FUSE_SETUPMAPPING);
  VALUE(opcode, FUSE_REMOVEMAPPING);
  VALUE(opcode, FUSE_SYNCFS);
  VALUE(opcode, FUSE_TMPFILE);
#if MINOR >= 39
  VALUE(opcode, FUSE_STATX);
#endif
#if MINOR >= 45
  VALUE(opcode, FUSE_COPY_FILE_RANGE_64);
#endif
  VALUE(opcode, CUSE_INIT);
  VALUE(notify, FUSE_NOTIFY_POLL);
  VALUE(notify, FUSE_NOTIFY_INVAL_INODE);
  VALUE(notify, FUSE_NOTIFY_INVAL_ENTRY);
  VALUE(notify, FUSE_NOTIFY_STORE);
  VALUE(notify, FUSE_NOTIFY_RETRIEVE);
  VALUE(notify, FUSE_NOTIFY_DELETE);
#if MINOR >= 40
  VALUE(notify, FUSE_NOTIFY_RESEND);
#endif
#if MINOR >= 44
  VALUE(notify, FUSE_NOTIFY_INC_EPOCH);
#endif
#if MINOR >= 45
  VALUE(notify, FUSE_NOTIFY_PRUNE);
#endif
}

static void flags(void) {
#ifdef FATTR_MODE
  VALUE(flag, FATTR_MODE);
#endif
#ifdef FATTR_UID
  VALUE(flag, FATTR_UID);
#endif
#ifdef FATTR_GID
  VALUE(flag, FATTR_GID);
#endif
#ifdef FATTR_SIZE
  VALUE(flag, FATTR_SIZE);
#endif
#ifdef FATTR_ATIME
  VALUE(flag, FATTR_ATIME);
#endif
#ifdef FATTR_MTIME
  VALUE(flag, FATTR_MTIME);
#endif
#ifdef FATTR_FH
  VALUE(flag, FATTR_FH);
#endif
#ifdef FATTR_ATIME_NOW
  VALUE(flag, FATTR_ATIME_NOW);
#endif
#ifdef FATTR_MTIME_NOW
  VALUE(flag, FATTR_MTIME_NOW);
#endif
#ifdef FATTR_LOCKOWNER
  VALUE(flag, FATTR_LOCKOWNER);
#endif
#ifdef FATTR_CTIME
  VALUE(flag, FATTR_CTIME);
#endif
#ifdef FATTR_KILL_SUIDGID
  VALUE(flag, FATTR_KILL_SUIDGID);
#endif
#ifdef FOPEN_DIRECT_IO
  VALUE(flag, FOPEN_DIRECT_IO);
#endif
#ifdef FOPEN_KEEP_CACHE
  VALUE(flag, FOPEN_KEEP_CACHE);
#endif
#ifdef FOPEN_NONSEEKABLE
  VALUE(flag, FOPEN_NONSEEKABLE);
#endif
#ifdef FOPEN_CACHE_DIR
  VALUE(flag, FOPEN_CACHE_DIR);
#endif
#ifdef FOPEN_STREAM
  VALUE(flag, FOPEN_STREAM);
#endif
#ifdef FOPEN_NOFLUSH
  VALUE(flag, FOPEN_NOFLUSH);
#endif
#ifdef FOPEN_PARALLEL_DIRECT_WRITES
  VALUE(flag, FOPEN_PARALLEL_DIRECT_WRITES);
#endif
#ifdef FOPEN_PASSTHROUGH
  VALUE(flag, FOPEN_PASSTHROUGH);
#endif
#ifdef FUSE_ASYNC_READ
  VALUE(flag, FUSE_ASYNC_READ);
#endif
#ifdef FUSE_POSIX_LOCKS
  VALUE(flag, FUSE_POSIX_LOCKS);
#endif
#ifdef FUSE_FILE_OPS
  VALUE(flag, FUSE_FILE_OPS);
#endif
#ifdef FUSE_ATOMIC_O_TRUNC
  VALUE(flag, FUSE_ATOMIC_O_TRUNC);
#endif
#ifdef FUSE_EXPORT_SUPPORT
  VALUE(flag, FUSE_EXPORT_SUPPORT);
#endif
#ifdef FUSE_BIG_WRITES
  VALUE(flag, FUSE_BIG_WRITES);
#endif
#ifdef FUSE_DONT_MASK
  VALUE(flag, FUSE_DONT_MASK);
#endif
#ifdef FUSE_SPLICE_WRITE
  VALUE(flag, FUSE_SPLICE_WRITE);
#endif
#ifdef FUSE_SPLICE_MOVE
  VALUE(flag, FUSE_SPLICE_MOVE);
#endif
#ifdef FUSE_SPLICE_READ
  VALUE(flag, FUSE_SPLICE_READ);
#endif
#ifdef FUSE_FLOCK_LOCKS
  VALUE(flag, FUSE_FLOCK_LOCKS);
#endif
#ifdef FUSE_HAS_IOCTL_DIR
  VALUE(flag, FUSE_HAS_IOCTL_DIR);
#endif
#ifdef FUSE_AUTO_INVAL_DATA
  VALUE(flag, FUSE_AUTO_INVAL_DATA);
#endif
#ifdef FUSE_DO_READDIRPLUS
  VALUE(flag, FUSE_DO_READDIRPLUS);
#endif
#ifdef FUSE_READDIRPLUS_AUTO
  VALUE(flag, FUSE_READDIRPLUS_AUTO);
#endif
#ifdef FUSE_ASYNC_DIO
  VALUE(flag, FUSE_ASYNC_DIO);
#endif
#ifdef FUSE_WRITEBACK_CACHE
  VALUE(flag, FUSE_WRITEBACK_CACHE);
#endif
#ifdef FUSE_NO_OPEN_SUPPORT
  VALUE(flag, FUSE_NO_OPEN_SUPPORT);
#endif
#ifdef FUSE_PARALLEL_DIROPS
  VALUE(flag, FUSE_PARALLEL_DIROPS);
#endif
#ifdef FUSE_HANDLE_KILLPRIV
  VALUE(flag, FUSE_HANDLE_KILLPRIV);
#endif
#ifdef FUSE_POSIX_ACL
  VALUE(flag, FUSE_POSIX_ACL);
#endif
#ifdef FUSE_ABORT_ERROR
  VALUE(flag, FUSE_ABORT_ERROR);
#endif
#ifdef FUSE_MAX_PAGES
  VALUE(flag, FUSE_MAX_PAGES);
#endif
#ifdef FUSE_CACHE_SYMLINKS
  VALUE(flag, FUSE_CACHE_SYMLINKS);
#endif
#ifdef FUSE_NO_OPENDIR_SUPPORT
  VALUE(flag, FUSE_NO_OPENDIR_SUPPORT);
#endif
#ifdef FUSE_EXPLICIT_INVAL_DATA
  VALUE(flag, FUSE_EXPLICIT_INVAL_DATA);
#endif
#ifdef FUSE_MAP_ALIGNMENT
  VALUE(flag, FUSE_MAP_ALIGNMENT);
#endif
#ifdef FUSE_SUBMOUNTS
  VALUE(flag, FUSE_SUBMOUNTS);
#endif
#ifdef FUSE_HANDLE_KILLPRIV_V2
  VALUE(flag, FUSE_HANDLE_KILLPRIV_V2);
#endif
#ifdef FUSE_SETXATTR_EXT
  VALUE(flag, FUSE_SETXATTR_EXT);
#endif
#ifdef FUSE_INIT_EXT
  VALUE(flag, FUSE_INIT_EXT);
#endif
#ifdef FUSE_INIT_RESERVED
  VALUE(flag, FUSE_INIT_RESERVED);
#endif
#ifdef FUSE_SECURITY_CTX
  VALUE(flag, FUSE_SECURITY_CTX);
#endif
#ifdef FUSE_HAS_INODE_DAX
  VALUE(flag, FUSE_HAS_INODE_DAX);
#endif
#ifdef FUSE_CREATE_SUPP_GROUP
  VALUE(flag, FUSE_CREATE_SUPP_GROUP);
#endif
#ifdef FUSE_HAS_EXPIRE_ONLY
  VALUE(flag, FUSE_HAS_EXPIRE_ONLY);
#endif
#ifdef FUSE_DIRECT_IO_ALLOW_MMAP
  VALUE(flag, FUSE_DIRECT_IO_ALLOW_MMAP);
#endif
#ifdef FUSE_PASSTHROUGH
  VALUE(flag, FUSE_PASSTHROUGH);
#endif
#ifdef FUSE_NO_EXPORT_SUPPORT
  VALUE(flag, FUSE_NO_EXPORT_SUPPORT);
#endif
#ifdef FUSE_HAS_RESEND
  VALUE(flag, FUSE_HAS_RESEND);
#endif
#ifdef FUSE_ALLOW_IDMAP
  VALUE(flag, FUSE_ALLOW_IDMAP);
#endif
#ifdef FUSE_OVER_IO_URING
  VALUE(flag, FUSE_OVER_IO_URING);
#endif
#ifdef FUSE_REQUEST_TIMEOUT
  VALUE(flag, FUSE_REQUEST_TIMEOUT);
#endif
#ifdef FUSE_RELEASE_FLUSH
  VALUE(flag, FUSE_RELEASE_FLUSH);
#endif
#ifdef FUSE_RELEASE_FLOCK_UNLOCK
  VALUE(flag, FUSE_RELEASE_FLOCK_UNLOCK);
#endif
#ifdef FUSE_GETATTR_FH
  VALUE(flag, FUSE_GETATTR_FH);
#endif
#ifdef FUSE_LK_FLOCK
  VALUE(flag, FUSE_LK_FLOCK);
#endif
#ifdef FUSE_WRITE_CACHE
  VALUE(flag, FUSE_WRITE_CACHE);
#endif
#ifdef FUSE_WRITE_LOCKOWNER
  VALUE(flag, FUSE_WRITE_LOCKOWNER);
#endif
#ifdef FUSE_WRITE_KILL_SUIDGID
  VALUE(flag, FUSE_WRITE_KILL_SUIDGID);
#endif
#ifdef FUSE_READ_LOCKOWNER
  VALUE(flag, FUSE_READ_LOCKOWNER);
#endif
#ifdef FUSE_IOCTL_COMPAT
  VALUE(flag, FUSE_IOCTL_COMPAT);
#endif
#ifdef FUSE_IOCTL_UNRESTRICTED
  VALUE(flag, FUSE_IOCTL_UNRESTRICTED);
#endif
#ifdef FUSE_IOCTL_RETRY
  VALUE(flag, FUSE_IOCTL_RETRY);
#endif
#ifdef FUSE_IOCTL_32BIT
  VALUE(flag, FUSE_IOCTL_32BIT);
#endif
#ifdef FUSE_IOCTL_DIR
  VALUE(flag, FUSE_IOCTL_DIR);
#endif
#ifdef FUSE_IOCTL_COMPAT_X32
  VALUE(flag, FUSE_IOCTL_COMPAT_X32);
#endif
#ifdef FUSE_POLL_SCHEDULE_NOTIFY
  VALUE(flag, FUSE_POLL_SCHEDULE_NOTIFY);
#endif
#ifdef FUSE_FSYNC_FDATASYNC
  VALUE(flag, FUSE_FSYNC_FDATASYNC);
#endif
#ifdef FUSE_ATTR_SUBMOUNT
  VALUE(flag, FUSE_ATTR_SUBMOUNT);
#endif
#ifdef FUSE_ATTR_DAX
  VALUE(flag, FUSE_ATTR_DAX);
#endif
#ifdef FUSE_OPEN_KILL_SUIDGID
  VALUE(flag, FUSE_OPEN_KILL_SUIDGID);
#endif
#ifdef FUSE_SETXATTR_ACL_KILL_SGID
  VALUE(flag, FUSE_SETXATTR_ACL_KILL_SGID);
#endif
#ifdef FUSE_EXPIRE_ONLY
  VALUE(flag, FUSE_EXPIRE_ONLY);
#endif
#ifdef FUSE_UNIQUE_RESEND
  VALUE(flag, FUSE_UNIQUE_RESEND);
#endif
  VALUE(flag, RENAME_NOREPLACE);
  VALUE(flag, RENAME_EXCHANGE);
  VALUE(flag, RENAME_WHITEOUT);
}

int main(void) {
  structs();
  enums();
  flags();
  return 0;
}
