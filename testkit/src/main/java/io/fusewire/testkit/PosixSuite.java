package io.fusewire.testkit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What programs expect of a file system on Linux, as cases that run on any directory. */
public final class PosixSuite {
  /** The cases by their names, in the order of their themes. */
  public static final Map<String, PosixCase> ALL = all();

  private PosixSuite() {}

  private static Map<String, PosixCase> all() {
    Map<String, PosixCase> cases = new LinkedHashMap<>();
    NameCases.addTo(cases);
    RenameCases.addTo(cases);
    DirectoryCases.addTo(cases);
    DataCases.addTo(cases);
    SpaceCases.addTo(cases);
    AttributeCases.addTo(cases);
    XattrCases.addTo(cases);
    LockCases.addTo(cases);
    return Collections.unmodifiableMap(cases);
  }
}
