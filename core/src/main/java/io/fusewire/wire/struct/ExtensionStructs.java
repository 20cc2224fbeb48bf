package io.fusewire.wire.struct;

import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;

/** What lies behind names and data of requests with extensions. */
public final class ExtensionStructs {
  /** The start of each extension; the size includes it. */
  public static final Struct HEADER = Struct.named("fuse_ext_header");

  public static final U32 HEADER_SIZE = HEADER.u32("size");
  public static final U32 HEADER_TYPE = HEADER.u32("type");

  /** The start of the security contexts; shares the place of a header's type. */
  public static final Struct CONTEXTS = Struct.named("fuse_secctx_header");

  public static final U32 CONTEXTS_SIZE = CONTEXTS.u32("size");
  public static final U32 CONTEXTS_NR_SECCTX = CONTEXTS.u32("nr_secctx");

  /** One security context: its name, ended by NUL, and its bytes follow. */
  public static final Struct CONTEXT = Struct.named("fuse_secctx");

  public static final U32 CONTEXT_SIZE = CONTEXT.u32("size");

  static {
    CONTEXT.u32("padding");
  }

  /** The supplementary groups of the caller; 32-bit ids follow. */
  public static final Struct GROUPS = Struct.named("fuse_supp_groups");

  public static final U32 GROUPS_NR_GROUPS = GROUPS.u32("nr_groups");

  private ExtensionStructs() {}
}
