/** The commands of {@code fusewire}. */
package io.fusewire.cli;
