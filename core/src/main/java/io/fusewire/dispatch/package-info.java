/** The words in which a mount says how its requests run, and in which it tells about them. */
package io.fusewire.dispatch;
