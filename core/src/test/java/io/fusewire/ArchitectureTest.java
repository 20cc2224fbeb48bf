package io.fusewire;

import static com.tngtech.archunit.base.DescribedPredicate.or;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Dependencies between the packages of the core point one way, as the table says. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.fusewire");

  private static final List<String> WIRE =
      List.of("wire", "wire.layout", "wire.flag", "wire.struct");

  /** Each package, and which packages of the core it may use. */
  private static final Map<String, List<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("wire.layout", List.of()),
          Map.entry("wire.flag", List.of()),
          Map.entry("wire.struct", List.of("wire.layout")),
          Map.entry("wire", List.of("wire.layout", "wire.struct")),
          Map.entry("linux.ffi", List.of("wire")),
          Map.entry("linux.sys", List.of("wire", "wire.layout", "wire.struct", "linux.ffi")),
          Map.entry("linux.mount", List.of("wire", "wire.layout", "linux.ffi", "linux.sys")),
          Map.entry("node", List.of()),
          Map.entry("raw", WIRE),
          Map.entry("metrics", WIRE),
          Map.entry("dispatch", with(WIRE, "raw")),
          Map.entry("transport", with(WIRE, "raw", "linux.ffi", "linux.sys")),
          Map.entry("transport.dev", with(WIRE, "raw", "transport", "linux.ffi", "linux.sys")),
          Map.entry(
              "transport.uring",
              with(WIRE, "raw", "transport", "transport.dev", "linux.ffi", "linux.sys")),
          Map.entry("transport.memory", with(WIRE, "raw", "transport", "linux.ffi", "linux.sys")),
          Map.entry("schedule", with(WIRE, "raw", "dispatch", "metrics", "transport")),
          Map.entry(
              "session",
              with(
                  WIRE,
                  "raw",
                  "dispatch",
                  "metrics",
                  "transport",
                  "transport.dev",
                  "transport.uring",
                  "schedule",
                  "linux.ffi",
                  "linux.sys",
                  "linux.mount")));

  private static List<String> with(List<String> some, String... more) {
    return Stream.concat(some.stream(), Stream.of(more)).toList();
  }

  @Test
  void packagesUseOnlyWhatTheTableAllows() {
    ALLOWED.forEach(
        (name, uses) -> {
          String[] allowed =
              Stream.concat(Stream.of(name), uses.stream())
                  .map(each -> "io.fusewire." + each)
                  .toArray(String[]::new);
          classes()
              .that()
              .resideInAPackage("io.fusewire." + name)
              .should()
              .onlyDependOnClassesThat(
                  or(
                      resideInAnyPackage(allowed),
                      resideInAnyPackage("java..", "jdk.jfr..", "org.jspecify..")))
              .allowEmptyShould(true)
              .check(CLASSES);
        });
  }

  @Test
  void everyPackageIsInTheTable() {
    assertThat(CLASSES.stream().map(each -> each.getPackageName()).distinct())
        .allSatisfy(
            name -> assertThat(ALLOWED).containsKey(name.substring("io.fusewire.".length())));
  }

  @Test
  void onlyLinuxUsesTheLinker() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.fusewire.linux..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.Linker")
        .check(CLASSES);
  }

  @Test
  void onlyMetricsUsesTheFlightRecorder() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.fusewire.metrics")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.jfr..")
        .check(CLASSES);
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching("io.fusewire.(**)").should().beFreeOfCycles().check(CLASSES);
  }
}
