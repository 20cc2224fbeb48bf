/** The metrics of a mount as meters of Micrometer. */
package io.fusewire.micrometer;
