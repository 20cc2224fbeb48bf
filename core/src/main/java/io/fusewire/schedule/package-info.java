/** Decides where the handler of a request runs. */
package io.fusewire.schedule;
