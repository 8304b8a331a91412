package aftercall.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Does with a spool what each line of standard input says, and says "done". Frames are of kind `note`. */
public final class Exercise {
    private final Spool spool;

    private Exercise(String folder) {
        spool = new Spool(folder, "8", "test");
    }

    public static void main(String[] arguments) throws Exception {
        Exercise exercise = new Exercise(arguments[0]);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            exercise.run(line.split(" "));
            System.out.println("done");
        }
    }

    private void run(String[] words) throws Exception {
        switch (words[0]) {
            case "note": // NUMBER BYTES: one frame, its payload of this size
                spool.write(note(Long.parseLong(words[1]), Integer.parseInt(words[2])));
                break;
            case "pair": // NUMBER: this one and the next one at once
                spool.write(note(Long.parseLong(words[1]), 10), note(Long.parseLong(words[1]) + 1, 10));
                break;
            case "interrupted": // NUMBER BYTES: as note, in a thread that was interrupted
                Thread.currentThread().interrupt();
                spool.write(note(Long.parseLong(words[1]), Integer.parseInt(words[2])));
                if (!Thread.interrupted()) {
                    throw new AssertionError("the user's interrupt is gone");
                }
                break;
            case "ends": // NUMBER: a frame that drops are told before
                spool.write(new Frame("call_end", Long.parseLong(words[1]), "r"));
                break;
            case "begin":
                spool.beginInvocation();
                break;
            case "ring":
                spool.ring();
                break;
            case "restore":
                spool.beginProcess();
                break;
            case "client":
                spool.client(words[1]);
                break;
            case "threads": // THREADS FRAMES: each of them writes so many; numbers tell them apart
                threads(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                break;
            case "forever": // one after the other, until somebody kills us; what was written is said
                forever(Integer.parseInt(words[1]));
                break;
            default:
                throw new IllegalArgumentException(words[0]);
        }
    }

    private static Frame note(long number, int size) {
        byte[] bytes = new byte[size];
        java.util.Arrays.fill(bytes, (byte) (number % 251));
        return new Frame("note", number, "r").part("event", bytes);
    }

    private void threads(int count, int frames) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long first = (i + 1) * 1_000_000L;
            threads.add(new Thread(() -> {
                for (int n = 0; n < frames; n++) {
                    spool.write(note(first + n, (int) (n * 7919L % 600)));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void forever(int threads) {
        for (int i = 0; i < threads; i++) {
            long first = (i + 1) * 1_000_000L;
            new Thread(() -> {
                for (long n = 0; ; n++) {
                    if (n % 50 == 0) {
                        spool.beginInvocation();
                    }
                    if (n % 8 == 0) {
                        LockSupport.parkNanos(1_000_000); // or the reader would never be done
                    }
                    spool.write(note(first + n, n % 40 == 0 ? 30_000 : (int) (n * 7919L % 3_000)));
                }
            }).start();
        }
    }
}
