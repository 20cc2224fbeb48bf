/** What Fusewire costs beside plain C on the same device. */
package io.fusewire.benchmarks;
