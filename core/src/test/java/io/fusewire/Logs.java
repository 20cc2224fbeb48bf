package io.fusewire;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Catches what the library logs, and keeps it off the console. By reflection, because the module
 * under test does not read java.logging.
 */
public final class Logs implements AutoCloseable {
  private static final String PACKAGE = "java.util.logging.";

  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final Object logger;
  private final Method setFilter;

  private Logs() throws ReflectiveOperationException {
    Class<?> type = Class.forName(PACKAGE + "Logger");
    Class<?> filter = Class.forName(PACKAGE + "Filter");
    logger = type.getMethod("getLogger", String.class).invoke(null, "io.fusewire");
    setFilter = type.getMethod("setFilter", filter);
    Object catching =
        Proxy.newProxyInstance(
            filter.getClassLoader(),
            new Class<?>[] {filter},
            (proxy, method, arguments) -> {
              messages.add(text(arguments[0]));
              return false;
            });
    setFilter.invoke(logger, catching);
  }

  /** Starts to catch. */
  public static Logs caught() {
    try {
      return new Logs();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private static String text(Object logRecord) throws ReflectiveOperationException {
    Class<?> type = logRecord.getClass();
    String message = (String) type.getMethod("getMessage").invoke(logRecord);
    Object[] parameters = (Object[]) type.getMethod("getParameters").invoke(logRecord);
    return parameters == null ? message : MessageFormat.format(message, parameters);
  }

  /** What was logged. */
  public List<String> messages() {
    return messages;
  }

  @Override
  public void close() {
    try {
      setFilter.invoke(logger, new Object[] {null});
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
