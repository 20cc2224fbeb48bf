/** Binds native functions and captures errno; the only users of the Linker are in linux. */
package io.fusewire.linux.ffi;
