/**
 * Counts and times of a mount: histograms, snapshots, JFR events, a log line, a port for tracers.
 */
package io.fusewire.metrics;
