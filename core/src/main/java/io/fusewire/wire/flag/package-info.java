/** The kernel's flag sets, one class each. */
package io.fusewire.wire.flag;
