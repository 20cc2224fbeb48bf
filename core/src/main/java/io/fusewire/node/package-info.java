/** Node ids, generations and lookup counts, for file systems on the inode API. */
package io.fusewire.node;
