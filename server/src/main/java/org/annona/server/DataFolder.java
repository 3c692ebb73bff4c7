package org.annona.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder in which an installation keeps its files. One process at a time may have it; its end gives it free. */
public final class DataFolder implements AutoCloseable {

    private static final long LEAST_FREE_BYTES = 200_000_000;

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataFolder(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /** Takes the folder, or refuses with who has it. */
    public static DataFolder take(Path path) {
        try {
            Files.createDirectories(path);
            if (Files.getFileStore(path).getUsableSpace() < LEAST_FREE_BYTES) {
                throw new Refusal("The disk of " + path
                        + " has less than 200 MB left. Make room, or choose another folder" + " with ANNONA_DATA.");
            }
            FileChannel channel =
                    FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = lock(channel);
            if (lock == null) {
                channel.close();
                throw new Refusal("Another Annona is already running on " + path + told(path)
                        + ". Use it, stop it, or choose another folder with ANNONA_DATA.");
            }
            return new DataFolder(path, channel, lock);
        } catch (AccessDeniedException denied) {
            throw new Refusal("The folder " + path + " cannot be written. Choose another one with ANNONA_DATA.");
        } catch (IOException failed) {
            throw new Refusal("The folder " + path + " cannot be used: " + failed.getMessage()
                    + ". Choose another one with ANNONA_DATA.");
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ownProcess) {
            return null;
        }
    }

    /** What the one who has the folder told about itself. */
    private static String told(Path path) {
        try {
            return " (" + Files.readString(path.resolve("running")).strip() + ")";
        } catch (IOException nothing) {
            return "";
        }
    }

    /** Lets others know where this process is to be found. */
    public void tell(String where) {
        try {
            Files.writeString(
                    path.resolve("running"),
                    where + ", process " + ProcessHandle.current().pid() + "\n");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public Path path() {
        return path;
    }

    /** Removes everything but the lock and the log; for starting over. */
    public void empty() {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                boolean kept = one.equals(path)
                        || one.equals(path.resolve("lock"))
                        || one.equals(path.resolve("logs"))
                        || one.startsWith(path.resolve("logs"));
                if (!kept) {
                    Files.deleteIfExists(one);
                }
            }
        } catch (IOException failed) {
            throw new Refusal("The folder " + path + " could not be emptied: " + failed.getMessage());
        }
    }

    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            Files.deleteIfExists(path.resolve("running"));
            lock.release();
            channel.close();
        } catch (IOException ending) {
            throw new UncheckedIOException(ending);
        }
    }
}
