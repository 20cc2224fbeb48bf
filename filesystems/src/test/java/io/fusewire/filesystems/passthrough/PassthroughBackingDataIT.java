package io.fusewire.filesystems.passthrough;

/** The same where the kernel reads and writes the backing files itself. */
class PassthroughBackingDataIT extends PassthroughDataIT {
  @Override
  PassthroughOptions options() {
    return PassthroughBackingIT.BACKING;
  }

  /** The kernel opens the backing file with the flags of the open, and looks at no others. */
  @Override
  boolean noatimeFollows() {
    return false;
  }
}
