// What the null file system answers, in the bytes of the FUSE protocol.
#pragma once
#include <linux/fuse.h>
#include <stddef.h>
#include <sys/stat.h>

#include "null.h"

// Newer than the header of Debian 12 (protocol 7.38).
#ifndef FUSE_DIRECT_IO_ALLOW_MMAP
#define FUSE_DIRECT_IO_ALLOW_MMAP (1ULL << 36)
#endif

enum {
  PROTOCOL_MINOR = 45,
  // A packed fuse_dirent with a name of six bytes.
  DIRENT_BYTES = (int)(sizeof(struct fuse_dirent) + 6 + 7) / 8 * 8,
};

// The same capabilities as io.fusewire.benchmarks.NullFileSystem asks for.
static const uint64_t capabilities =
    FUSE_ASYNC_READ | FUSE_ATOMIC_O_TRUNC | FUSE_BIG_WRITES | FUSE_PARALLEL_DIROPS |
    FUSE_ASYNC_DIO | FUSE_MAX_PAGES | FUSE_SETXATTR_EXT | FUSE_INIT_EXT |
    FUSE_DIRECT_IO_ALLOW_MMAP;

static char *listing;

static void prepare_files(void) {
  prepare_content();
  listing = calloc(LISTED_FILES, DIRENT_BYTES);
  if (listing == NULL) die("memory");
  for (unsigned i = 0; i < LISTED_FILES; i++) {
    struct fuse_dirent *entry = (struct fuse_dirent *)(listing + (size_t)i * DIRENT_BYTES);
    char name[16];
    entry->ino = node(KIND_LISTED, i);
    entry->off = i + 1;
    entry->type = S_IFREG >> 12;
    entry->namelen = (uint32_t)snprintf(name, sizeof name, "n%05u", i);
    memcpy(entry->name, name, entry->namelen);
  }
}

// One request, wherever its parts lie.
struct request {
  const struct fuse_in_header *header;
  // The fuse_..._in that belongs to the opcode.
  const void *in;
  // The name, for the requests that have one.
  const char *name;
};

struct reply {
  struct fuse_out_header header;
  union {
    struct fuse_init_out init;
    struct fuse_entry_out entry;
    struct fuse_attr_out attr;
    struct fuse_open_out open;
    struct fuse_write_out write;
    struct fuse_statfs_out statfs;
    struct {
      struct fuse_entry_out entry;
      struct fuse_open_out open;
    } create;
  } body;
  // What follows the body without having been copied into it.
  const char *data;
  size_t data_bytes;
};

static void put_attributes(struct fuse_attr *attr, uint64_t id) {
  memset(attr, 0, sizeof *attr);
  attr->ino = id;
  attr->size = size_of(id);
  attr->blocks = attr->size / 512;
  attr->mode = is_directory(id) ? S_IFDIR | 0755 : S_IFREG | 0644;
  attr->nlink = 1;
  attr->blksize = PAGE;
}

static void put_entry(struct fuse_entry_out *entry, uint64_t id) {
  memset(entry, 0, offsetof(struct fuse_entry_out, attr));
  entry->nodeid = id;
  put_attributes(&entry->attr, id);
}

static void put_open(struct fuse_open_out *open, uint64_t id) {
  memset(open, 0, sizeof *open);
  open->fh = id;
  open->open_flags = FOPEN_NOFLUSH;
}

static void lookup(const struct request *request, struct reply *reply) {
  uint64_t id = find(request->header->nodeid, request->name);
  if (id == 0) {
    reply->header.error = -ENOENT;
    return;
  }
  put_entry(&reply->body.entry, id);
  reply->header.len += sizeof reply->body.entry;
}

static void getattr(const struct request *request, struct reply *reply) {
  memset(&reply->body.attr, 0, offsetof(struct fuse_attr_out, attr));
  put_attributes(&reply->body.attr.attr, request->header->nodeid);
  const struct fuse_setattr_in *in = request->in;
  if (request->header->opcode == FUSE_SETATTR && (in->valid & FATTR_SIZE) != 0) {
    reply->body.attr.attr.size = in->size;
  }
  reply->header.len += sizeof reply->body.attr;
}

static void open_node(const struct request *request, struct reply *reply) {
  put_open(&reply->body.open, request->header->nodeid);
  reply->header.len += sizeof reply->body.open;
}

static void create(const struct request *request, struct reply *reply) {
  uint64_t id = create_name(request->name);
  if (id == 0) {
    reply->header.error = -EPERM;
    return;
  }
  put_entry(&reply->body.create.entry, id);
  put_open(&reply->body.create.open, id);
  reply->header.len += sizeof reply->body.create;
}

static void unlink_node(const struct request *request, struct reply *reply) {
  if (!remove_name(request->name)) reply->header.error = -EPERM;
}

static void put_data(struct reply *reply, const char *data, size_t bytes) {
  reply->data = data;
  reply->data_bytes = bytes;
  reply->header.len += (uint32_t)bytes;
}

static void read_file(const struct request *request, struct reply *reply) {
  const struct fuse_read_in *in = request->in;
  put_data(reply, content, readable(request->header->nodeid, in->offset, in->size));
}

static void write_file(const struct request *request, struct reply *reply) {
  const struct fuse_write_in *in = request->in;
  reply->body.write.size = in->size;
  reply->body.write.padding = 0;
  reply->header.len += sizeof reply->body.write;
}

static void read_directory(const struct request *request, struct reply *reply) {
  const struct fuse_read_in *in = request->in;
  if (request->header->nodeid != NODE_DIRECTORY || in->offset >= LISTED_FILES) return;
  size_t left = LISTED_FILES - in->offset;
  size_t fits = in->size / DIRENT_BYTES;
  put_data(reply, listing + in->offset * DIRENT_BYTES, (fits < left ? fits : left) * DIRENT_BYTES);
}

static void statfs_root(struct reply *reply) {
  memset(&reply->body.statfs, 0, sizeof reply->body.statfs);
  struct fuse_kstatfs *st = &reply->body.statfs.st;
  st->blocks = st->bfree = st->bavail = 1 << 20;
  st->bsize = st->frsize = PAGE;
  st->namelen = 255;
  reply->header.len += sizeof reply->body.statfs;
}

// Answers into *reply; false when the kernel expects no answer.
static bool serve(const struct request *request, struct reply *reply) {
  reply->header = (struct fuse_out_header){sizeof reply->header, 0, request->header->unique};
  reply->data_bytes = 0;
  switch (request->header->opcode) {
    case FUSE_LOOKUP:
      lookup(request, reply);
      break;
    case FUSE_GETATTR:
    case FUSE_SETATTR:
      getattr(request, reply);
      break;
    case FUSE_OPEN:
    case FUSE_OPENDIR:
      open_node(request, reply);
      break;
    case FUSE_CREATE:
      create(request, reply);
      break;
    case FUSE_UNLINK:
      unlink_node(request, reply);
      break;
    case FUSE_READ:
      read_file(request, reply);
      break;
    case FUSE_WRITE:
      write_file(request, reply);
      break;
    case FUSE_READDIR:
      read_directory(request, reply);
      break;
    case FUSE_STATFS:
      statfs_root(reply);
      break;
    case FUSE_RELEASE:
    case FUSE_RELEASEDIR:
    case FUSE_FSYNC:
    case FUSE_DESTROY:
      break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
      return false;
    default:
      reply->header.error = -ENOSYS;
  }
  return true;
}

// The arguments of a request that came in one piece, as from the device.
static struct request in_one_piece(const struct fuse_in_header *header) {
  const char *body = (const char *)(header + 1);
  const char *name = header->opcode == FUSE_CREATE ? body + sizeof(struct fuse_create_in) : body;
  return (struct request){header, body, name};
}

// Answers INIT with these capabilities besides the usual ones; returns all that are in use.
static uint64_t greet(const struct request *request, struct reply *reply, uint64_t more) {
  const struct fuse_init_in *in = request->in;
  uint64_t offered = in->flags | (uint64_t)in->flags2 << 32;
  uint64_t granted = (capabilities | more) & offered;
  reply->header = (struct fuse_out_header){
      sizeof reply->header + sizeof reply->body.init, 0, request->header->unique};
  reply->data_bytes = 0;
  reply->body.init = (struct fuse_init_out){
      .major = FUSE_KERNEL_VERSION,
      .minor = in->minor < PROTOCOL_MINOR ? in->minor : PROTOCOL_MINOR,
      .max_readahead = in->max_readahead,
      .flags = (uint32_t)granted,
      .flags2 = (uint32_t)(granted >> 32),
      .max_background = MAX_BACKGROUND,
      .congestion_threshold = MAX_BACKGROUND * 3 / 4,
      .max_write = MAX_WRITE,
      .time_gran = 1,
      .max_pages = MAX_WRITE / PAGE,
  };
  return granted;
}
