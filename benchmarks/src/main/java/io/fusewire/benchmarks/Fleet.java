package io.fusewire.benchmarks;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The servers of one round. */
final class Fleet {
  private static final long LOOK_SECONDS = 20;

  private final Map<Variant, Server> servers = Collections.synchronizedMap(new LinkedHashMap<>());

  void add(Variant variant, Server server) {
    servers.put(variant, server);
  }

  Server get(Variant variant) {
    Server server = servers.get(variant);
    if (server == null) {
      throw new IllegalStateException("not started: " + variant);
    }
    return server;
  }

  /**
   * Servers that negotiated or show different things cannot be compared. Libraries that speak of
   * paths choose node numbers themselves; those are looked at only among our own and those in C.
   */
  void checkEqual() throws IOException {
    Map<Variant, String> seen = new LinkedHashMap<>();
    Map<Variant, String> told = new LinkedHashMap<>();
    for (Variant variant : List.copyOf(servers.keySet())) {
      Server server = get(variant);
      boolean ofUs = variant.isFloor() || variant.isOurs();
      seen.put(variant, look(variant, server, false));
      if (ofUs) {
        told.put(variant, server.capabilities() + look(variant, server, true));
      }
    }
    if (Set.copyOf(seen.values()).size() > 1 || Set.copyOf(told.values()).size() > 1) {
      throw new IOException("the servers differ: " + seen + told);
    }
  }

  /** Looks at the files of a server; kills it if it does not show them in time. */
  private static String look(Variant variant, Server server, boolean nodes) throws IOException {
    CompletableFuture<String> files = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("look-at-" + variant)
        .start(
            () -> {
              try {
                files.complete(FileCheck.describe(server.mountPoint(), nodes));
              } catch (IOException | RuntimeException e) {
                files.completeExceptionally(e);
              }
            });
    try {
      return files.get(LOOK_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      server.kill();
      throw new IOException(variant + " hangs; it was killed", e);
    } catch (ExecutionException e) {
      throw new IOException(variant + " does not show its files", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  void close() {
    synchronized (servers) {
      servers.values().forEach(Server::close);
      servers.clear();
    }
  }
}
