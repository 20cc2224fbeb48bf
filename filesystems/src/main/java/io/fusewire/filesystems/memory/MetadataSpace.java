package io.fusewire.filesystems.memory;

/**
 * The space that targets of symbolic links and extended attributes take: they count in the size
 * limit of the file system as file contents do, and in the budget of the heap, where they lie. Safe
 * for all threads.
 */
final class MetadataSpace {
  /** What fits into a node without a page of its own, in bytes. */
  private static final long FREE_BYTES = 256;

  private final PagePool pool;
  private final HeapBudget heap;

  MetadataSpace(PagePool pool, HeapBudget heap) {
    this.pool = pool;
    this.heap = heap;
  }

  private static long pages(long bytes) {
    return bytes <= FREE_BYTES ? 0 : (bytes + PagePool.PAGE - 1) / PagePool.PAGE;
  }

  /** Changes what one node takes; false, and nothing is changed, when there is no space. */
  boolean resize(long bytesBefore, long bytesAfter) {
    long grown = bytesAfter - bytesBefore;
    long pages = pages(bytesAfter) - pages(bytesBefore);
    if (grown > 0 && !heap.take(grown)) {
      return false;
    }
    if (pages > 0 && !pool.reserve(pages)) {
      heap.note(-grown);
      return false;
    }
    if (pages < 0) {
      pool.unreserve(-pages);
    }
    if (grown < 0) {
      heap.note(grown);
    }
    return true;
  }

  /** Takes what a node and perhaps its name cost; false when there is no room. */
  boolean takeNode(Inode node, boolean named) {
    long fixed = HeapBudget.NODE_BYTES + (named ? HeapBudget.NAME_BYTES : 0);
    if (!heap.take(fixed)) {
      return false;
    }
    if (!resize(0, node.metadataBytes)) {
      heap.note(-fixed);
      return false;
    }
    return true;
  }

  /** Gives back what a node cost, without its names. */
  void giveNode(Inode node) {
    heap.note(-HeapBudget.NODE_BYTES);
    resize(node.metadataBytes, 0);
  }

  /** Takes what a name costs; false when there is no room. */
  boolean takeName() {
    return heap.take(HeapBudget.NAME_BYTES);
  }

  /** Gives back what a name cost. */
  void giveName() {
    heap.note(-HeapBudget.NAME_BYTES);
  }

  /** How many more nodes with a name there is room for. */
  long nodesLeft() {
    return heap.left() / (HeapBudget.NODE_BYTES + HeapBudget.NAME_BYTES);
  }
}
