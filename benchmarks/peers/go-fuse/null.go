package main

import (
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/hanwen/go-fuse/v2/fuse"
)

// The names, nodes and sizes of the null file system; see native/null.h.
const (
	root          = 1
	big           = 2
	directory     = 3
	kindShift     = 56
	plain         = 1 << kindShift
	block         = 2 << kindShift
	listed        = 3 << kindShift
	createdKind   = 4 << kindShift
	createdShift  = 40
	blockFiles    = 1000
	listedFiles   = 10000
	clientThreads = 1024
	contentBytes  = 1 << 20
	page          = 4096
)

type files struct {
	created [clientThreads]atomic.Uint64
}

func number(digits string) (uint64, bool) {
	if digits == "" || len(digits) > 12 || digits[0] == '+' {
		return 0, false
	}
	value, err := strconv.ParseUint(digits, 10, 64)
	return value, err == nil
}

// The node with this name, or 0.
func (f *files) find(parent uint64, name string) uint64 {
	if len(name) < 2 {
		return 0
	}
	value, isNumber := number(name[1:])
	switch {
	case parent == directory:
		if name[0] == 'n' && isNumber && value < listedFiles {
			return listed | value
		}
	case parent != root:
		return 0
	case name == "big":
		return big
	case name == "d10k":
		return directory
	case name[0] == 'f' && isNumber:
		return plain | value
	case name[0] == 'b' && isNumber && value < blockFiles:
		return block | value
	case name[0] == 'c':
		thread, serial, ok := parseCreated(name)
		if ok && f.created[thread].Load() == serial+1 {
			return createdNode(thread, serial)
		}
	}
	return 0
}

func parseCreated(name string) (thread, serial uint64, ok bool) {
	before, after, found := strings.Cut(name, "_")
	if !found || before[0] != 'c' {
		return 0, 0, false
	}
	thread, threadOk := number(before[1:])
	serial, serialOk := number(after)
	return thread, serial, threadOk && serialOk && thread < clientThreads
}

func createdNode(thread, serial uint64) uint64 {
	return createdKind | thread<<createdShift | serial
}

func isDirectory(node uint64) bool { return node == root || node == directory }

func size(node uint64) uint64 {
	switch {
	case node == big:
		return 256 << 20
	case node>>kindShift == block>>kindShift:
		return 32 << 20
	}
	return 0
}

func fill(attr *fuse.Attr, node uint64) {
	*attr = fuse.Attr{Ino: node, Size: size(node), Blocks: size(node) / 512, Nlink: 1}
	attr.Blksize = page
	attr.Mode = fuse.S_IFREG | 0o644
	if isDirectory(node) {
		attr.Mode = fuse.S_IFDIR | 0o755
	}
}
