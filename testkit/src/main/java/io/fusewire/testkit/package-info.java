/** A POSIX suite that runs on any directory, and help for tests with real mounts. */
package io.fusewire.testkit;
