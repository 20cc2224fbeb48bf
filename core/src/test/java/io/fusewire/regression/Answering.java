package io.fusewire.regression;

import io.fusewire.raw.Execution;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.RawRequest;
import io.fusewire.raw.Reply;
import java.lang.reflect.Proxy;

/** A file system whose every operation is one function. */
@FunctionalInterface
interface Answering {
  /** Serves any operation that wants an answer. */
  void serve(RawRequest request, Reply reply);

  /** Serves all operations with it; the others do nothing. */
  static RawFileSystem with(Answering function) {
    return (RawFileSystem)
        Proxy.newProxyInstance(
            RawFileSystem.class.getClassLoader(),
            new Class<?>[] {RawFileSystem.class},
            (proxy, method, arguments) -> {
              if (method.getReturnType() == boolean.class) {
                return false;
              }
              if (method.getReturnType() == Execution.class) {
                return Execution.VIRTUAL;
              }
              if (arguments != null && arguments.length == 2) {
                function.serve((RawRequest) arguments[0], (Reply) arguments[1]);
              }
              return null;
            });
  }
}
