/**
 * The entry point and the life of a mount: {@link io.fusewire.session.Fusewire} mounts, {@link
 * io.fusewire.session.Mount} is what is mounted.
 */
package io.fusewire.session;
