// The null file system on go-fuse.  null-go-fuse [--shipped] MOUNTPOINT
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"runtime"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fuse"
)

const (
	maxBackground = 64
	noFlush       = 1 << 5
)

type nullFs struct {
	fuse.RawFileSystem
	files     files
	content   []byte
	openFlags uint32
}

func (f *nullFs) Lookup(_ <-chan struct{}, in *fuse.InHeader, name string, out *fuse.EntryOut) fuse.Status {
	node := f.files.find(in.NodeId, name)
	if node == 0 {
		return fuse.ENOENT
	}
	out.NodeId = node
	fill(&out.Attr, node)
	return fuse.OK
}

func (f *nullFs) Forget(_, _ uint64) {}

func (f *nullFs) GetAttr(_ <-chan struct{}, in *fuse.GetAttrIn, out *fuse.AttrOut) fuse.Status {
	fill(&out.Attr, in.NodeId)
	return fuse.OK
}

func (f *nullFs) SetAttr(_ <-chan struct{}, in *fuse.SetAttrIn, out *fuse.AttrOut) fuse.Status {
	fill(&out.Attr, in.NodeId)
	if size, sets := in.GetSize(); sets {
		out.Attr.Size = size
	}
	return fuse.OK
}

func (f *nullFs) Unlink(_ <-chan struct{}, _ *fuse.InHeader, name string) fuse.Status {
	thread, _, ok := parseCreated(name)
	if !ok {
		return fuse.EPERM
	}
	f.files.created[thread].Store(0)
	return fuse.OK
}

func (f *nullFs) Create(_ <-chan struct{}, _ *fuse.CreateIn, name string, out *fuse.CreateOut) fuse.Status {
	thread, serial, ok := parseCreated(name)
	if !ok {
		return fuse.EPERM
	}
	f.files.created[thread].Store(serial + 1)
	out.NodeId = createdNode(thread, serial)
	fill(&out.Attr, out.NodeId)
	out.Fh = out.NodeId
	out.OpenFlags = f.openFlags
	return fuse.OK
}

func (f *nullFs) Open(_ <-chan struct{}, in *fuse.OpenIn, out *fuse.OpenOut) fuse.Status {
	out.Fh = in.NodeId
	out.OpenFlags = f.openFlags
	return fuse.OK
}

func (f *nullFs) Read(_ <-chan struct{}, in *fuse.ReadIn, _ []byte) (fuse.ReadResult, fuse.Status) {
	bytes := uint64(0)
	if all := size(in.NodeId); in.Offset < all {
		bytes = min(all-in.Offset, uint64(in.Size), contentBytes)
	}
	return fuse.ReadResultData(f.content[:bytes]), fuse.OK
}

func (f *nullFs) Write(_ <-chan struct{}, _ *fuse.WriteIn, data []byte) (uint32, fuse.Status) {
	return uint32(len(data)), fuse.OK
}

func (f *nullFs) Release(_ <-chan struct{}, _ *fuse.ReleaseIn) {}

func (f *nullFs) Fsync(_ <-chan struct{}, _ *fuse.FsyncIn) fuse.Status { return fuse.OK }

func (f *nullFs) OpenDir(_ <-chan struct{}, in *fuse.OpenIn, out *fuse.OpenOut) fuse.Status {
	out.Fh = in.NodeId
	return fuse.OK
}

// Allocated once: the names are the same each time.
var names = func() (names [listedFiles]string) {
	for i := range names {
		names[i] = fmt.Sprintf("n%05d", i)
	}
	return names
}()

func (f *nullFs) ReadDir(_ <-chan struct{}, in *fuse.ReadIn, out *fuse.DirEntryList) fuse.Status {
	for i := in.Offset; in.NodeId == directory && i < listedFiles; i++ {
		if !out.AddDirEntry(fuse.DirEntry{Name: names[i], Ino: listed | i, Mode: fuse.S_IFREG, Off: i + 1}) {
			break
		}
	}
	return fuse.OK
}

func (f *nullFs) ReadDirPlus(_ <-chan struct{}, in *fuse.ReadIn, out *fuse.DirEntryList) fuse.Status {
	for i := in.Offset; in.NodeId == directory && i < listedFiles; i++ {
		entry := out.AddDirLookupEntry(fuse.DirEntry{Name: names[i], Ino: listed | i, Mode: fuse.S_IFREG, Off: i + 1})
		if entry == nil {
			break
		}
		entry.NodeId = listed | i
		fill(&entry.Attr, entry.NodeId)
	}
	return fuse.OK
}

func (f *nullFs) ReleaseDir(_ *fuse.ReleaseIn) {}

func (f *nullFs) StatFs(_ <-chan struct{}, _ *fuse.InHeader, out *fuse.StatfsOut) fuse.Status {
	const blocks = 1 << 20
	*out = fuse.StatfsOut{Blocks: blocks, Bfree: blocks, Bavail: blocks, Bsize: page, Frsize: page, NameLen: 255}
	return fuse.OK
}

func printCounts() {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	fmt.Printf("{\"heapBytes\":%d,\"collections\":%d,\"pauseMillis\":%.3f,\"compilationMillis\":0}\n",
		memory.TotalAlloc, memory.NumGC, float64(memory.PauseTotalNs)/1e6)
}

func main() {
	shipped := len(os.Args) == 3 && os.Args[1] == "--shipped"
	mountPoint := os.Args[len(os.Args)-1]
	fs := &nullFs{RawFileSystem: fuse.NewDefaultRawFileSystem(), content: make([]byte, contentBytes)}
	for i := range fs.content {
		fs.content[i] = 'x'
	}
	options := &fuse.MountOptions{FsName: "null", DirectMountStrict: true}
	if !shipped {
		fs.openFlags = noFlush
		options.MaxBackground = maxBackground
		options.MaxWrite = contentBytes
		options.ExplicitDataCacheControl = true
		options.DisableReadDirPlus = true
		options.DisableSplice = true
		options.DisableXAttrs = true
		options.DisabledCapabilities = fuse.CAP_AUTO_INVAL_DATA | fuse.CAP_EXPLICIT_INVAL_DATA
	}
	server, err := fuse.NewServer(fs, mountPoint, options)
	if err != nil {
		log.Fatal(err)
	}
	go server.Serve()
	if err := server.WaitMount(); err != nil {
		log.Fatal(err)
	}
	fmt.Println("ready")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		printCounts()
	}
	syscall.Unmount(mountPoint, syscall.MNT_DETACH)
}
