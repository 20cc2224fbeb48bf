// The null file system on libfuse's low level API, multi-threaded as its examples are.
//
//   cc -O2 -pthread -o null null.c $(pkg-config --cflags --libs fuse3)
//   ./null [--shipped] MOUNTPOINT [-o io_uring] ...
#define FUSE_USE_VERSION 314
#define _GNU_SOURCE
#include <fuse_lowlevel.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../native/null.h"

static bool shipped;
static const char *mount_point;

static struct stat attributes(uint64_t id) {
  bool directory = is_directory(id);
  return (struct stat){
      .st_ino = id,
      .st_size = (off_t)size_of(id),
      .st_blocks = (blkcnt_t)(size_of(id) / 512),
      .st_mode = directory ? S_IFDIR | 0755 : S_IFREG | 0644,
      .st_nlink = 1,
      .st_blksize = PAGE,
  };
}

static struct fuse_entry_param entry(uint64_t id) {
  return (struct fuse_entry_param){.ino = id, .attr = attributes(id)};
}

static void start(void *data, struct fuse_conn_info *connection) {
  (void)data;
  if (shipped) return;
  unsigned wanted = FUSE_CAP_ASYNC_READ | FUSE_CAP_ATOMIC_O_TRUNC | FUSE_CAP_PARALLEL_DIROPS |
                    FUSE_CAP_ASYNC_DIO;
#ifdef FUSE_CAP_OVER_IO_URING
  uint64_t rings = connection->want_ext & FUSE_CAP_OVER_IO_URING;
  connection->want_ext = (wanted & connection->capable_ext) | rings;
#else
  connection->want = wanted & connection->capable;
#endif
  connection->max_background = MAX_BACKGROUND;
}

static void lookup(fuse_req_t request, fuse_ino_t parent, const char *name) {
  struct fuse_entry_param found = entry(find(parent, name));
  if (found.ino == 0) {
    fuse_reply_err(request, ENOENT);
  } else {
    fuse_reply_entry(request, &found);
  }
}

static void forget(fuse_req_t request, fuse_ino_t id, uint64_t lookups) {
  (void)id, (void)lookups;
  fuse_reply_none(request);
}

static void getattr(fuse_req_t request, fuse_ino_t id, struct fuse_file_info *file) {
  (void)file;
  struct stat answer = attributes(id);
  fuse_reply_attr(request, &answer, 0);
}

static void set_attributes(fuse_req_t request, fuse_ino_t id, struct stat *values, int set,
                           struct fuse_file_info *file) {
  (void)file;
  struct stat answer = attributes(id);
  if ((set & FUSE_SET_ATTR_SIZE) != 0) answer.st_size = values->st_size;
  fuse_reply_attr(request, &answer, 0);
}

static void open_node(fuse_req_t request, fuse_ino_t id, struct fuse_file_info *file) {
  file->fh = id;
  file->noflush = !shipped;
  fuse_reply_open(request, file);
}

static void create_node(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode,
                        struct fuse_file_info *file) {
  (void)parent, (void)mode;
  struct fuse_entry_param made = entry(create_name(name));
  if (made.ino == 0) {
    fuse_reply_err(request, EPERM);
    return;
  }
  file->fh = made.ino;
  file->noflush = !shipped;
  fuse_reply_create(request, &made, file);
}

static void unlink_node(fuse_req_t request, fuse_ino_t parent, const char *name) {
  (void)parent;
  fuse_reply_err(request, remove_name(name) ? 0 : EPERM);
}

static void read_file(fuse_req_t request, fuse_ino_t id, size_t size, off_t offset,
                      struct fuse_file_info *file) {
  (void)file;
  fuse_reply_buf(request, content, readable(id, (uint64_t)offset, size));
}

static void write_file(fuse_req_t request, fuse_ino_t id, const char *data, size_t size,
                       off_t offset, struct fuse_file_info *file) {
  (void)id, (void)data, (void)offset, (void)file;
  fuse_reply_write(request, size);
}

static void release(fuse_req_t request, fuse_ino_t id, struct fuse_file_info *file) {
  (void)id, (void)file;
  fuse_reply_err(request, 0);
}

static void sync_file(fuse_req_t request, fuse_ino_t id, int data_only,
                      struct fuse_file_info *file) {
  (void)data_only;
  release(request, id, file);
}

static char names[LISTED_FILES][8];

static void read_directory(fuse_req_t request, fuse_ino_t id, size_t size, off_t offset,
                           struct fuse_file_info *file) {
  (void)file;
  char *buffer = malloc(size);
  if (buffer == NULL) die("memory");
  size_t used = 0;
  for (uint64_t i = (uint64_t)offset; id == NODE_DIRECTORY && i < LISTED_FILES; i++) {
    struct stat what = {.st_ino = node(KIND_LISTED, i), .st_mode = S_IFREG};
    size_t bytes = fuse_add_direntry(request, buffer + used, size - used, names[i], &what,
                                     (off_t)i + 1);
    if (bytes > size - used) break;
    used += bytes;
  }
  fuse_reply_buf(request, buffer, used);
  free(buffer);
}

static void statfs_root(fuse_req_t request, fuse_ino_t id) {
  (void)id;
  struct statvfs answer = {.f_bsize = PAGE, .f_frsize = PAGE, .f_namemax = 255};
  answer.f_blocks = answer.f_bfree = answer.f_bavail = 1 << 20;
  fuse_reply_statfs(request, &answer);
}

static const struct fuse_lowlevel_ops operations = {
    .init = start,
    .lookup = lookup,
    .forget = forget,
    .getattr = getattr,
    .setattr = set_attributes,
    .open = open_node,
    .create = create_node,
    .unlink = unlink_node,
    .read = read_file,
    .write = write_file,
    .release = release,
    .fsync = sync_file,
    .opendir = open_node,
    .readdir = read_directory,
    .releasedir = release,
    .statfs = statfs_root,
};

// Answers each line with counts; unmounts at the end of standard input.
static void *converse(void *argument) {
  (void)argument;
  printf("ready\n");
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    printf("{\"heapBytes\":0,\"collections\":0,\"pauseMillis\":0,\"compilationMillis\":0}\n");
    fflush(stdout);
  }
  umount2(mount_point, MNT_DETACH);
  _exit(0);
}

int main(int count, char **arguments) {
  struct fuse_args args = FUSE_ARGS_INIT(0, NULL);
  fuse_opt_add_arg(&args, arguments[0]);
  for (int i = 1; i < count; i++) {
    if (strcmp(arguments[i], "--shipped") == 0) {
      shipped = true;
    } else if (arguments[i][0] == '/') {
      mount_point = arguments[i];
    } else {
      fuse_opt_add_arg(&args, arguments[i]);
    }
  }
  if (mount_point == NULL) return 2;
  for (unsigned i = 0; i < LISTED_FILES; i++) snprintf(names[i], sizeof names[i], "n%05u", i);
  prepare_content();
  struct fuse_session *session = fuse_session_new(&args, &operations, sizeof operations, NULL);
  if (session == NULL || fuse_session_mount(session, mount_point) != 0) die("mount");
  pthread_t control;
  if (pthread_create(&control, NULL, converse, NULL) != 0) die("thread");
  struct fuse_loop_config *config = fuse_loop_cfg_create();
  int result = fuse_session_loop_mt(session, config);
  umount2(mount_point, MNT_DETACH);
  return result == 0 ? 0 : 1;
}
