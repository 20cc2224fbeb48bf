package io.fusewire.wire;

/**
 * A version of the FUSE protocol, such as 7.45.
 *
 * @param major the layout generation; only 7 is spoken here
 * @param minor what was added within it
 */
public record ProtocolVersion(int major, int minor) {
  /** What this library speaks. */
  public static final ProtocolVersion OURS = new ProtocolVersion(7, 45);

  /** The oldest minor that is accepted (Linux 3.15): all structs have had today's sizes since. */
  public static final int MINOR_MIN = 23;

  /** The first minor whose INIT carries {@code flags2} and has 64 bytes. */
  public static final int MINOR_INIT_EXT = 36;

  /** The version both sides understand: the smaller minor. */
  public ProtocolVersion common(ProtocolVersion other) {
    return new ProtocolVersion(major, Math.min(minor, other.minor));
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
