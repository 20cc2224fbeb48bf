package io.fusewire.cli;

import io.fusewire.wire.ProtocolVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class FusewireVersion implements IVersionProvider {
  FusewireVersion() {}

  @Override
  public String[] getVersion() {
    String version = FusewireVersion.class.getPackage().getImplementationVersion();
    return new String[] {
      "fusewire " + (version == null ? "(development build)" : version),
      "FUSE protocol " + ProtocolVersion.OURS,
      "Java " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ")"
    };
  }
}
