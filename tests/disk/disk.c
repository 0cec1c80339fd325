/* A disk that loses what was not synced, for one directory of one process.
 *
 * Preloaded (LD_PRELOAD) into the server by tests/src/disk.rs. Files under
 * DISK_DATA stay where they are; beside them, under DISK_PLATTER, is what would
 * be there after a power cut:
 *   images/INODE   a file's bytes as of its last fsync
 *   pending/INODE  writes since then: offset, length (8 bytes each), bytes
 *   names/NAME     the inode that a name led to when it was last made durable
 * and what the test asks for, as files that are there or not:
 *   full, readonly, slow (milliseconds a sync), clock (seconds to add)
 * DISK_FORGET=all makes no sync count, as PRAGMA synchronous=OFF would;
 * DISK_FORGET=wal none of the write-ahead log, as NORMAL would.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef ssize_t (*write_fn)(int, const void *, size_t);
typedef ssize_t (*pwrite_fn)(int, const void *, size_t, off_t);
typedef int (*sync_fn)(int);
typedef int (*truncate_fn)(int, off_t);
typedef int (*clock_fn)(clockid_t, struct timespec *);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *data, *platter;

static void *real(const char *name) {
    return dlsym(RTLD_NEXT, name);
}

static int ready(void) {
    if (!platter) {
        data = getenv("DISK_DATA");
        platter = getenv("DISK_PLATTER");
    }
    return data && platter;
}

static void at(char *out, const char *part, const char *name) {
    snprintf(out, 4096, "%s/%s%s%s", platter, part, *name ? "/" : "", name);
}

static int asked(const char *what) {
    char path[4096];
    at(path, what, "");
    return access(path, F_OK) == 0;
}

static long asked_number(const char *what) {
    char path[4096], text[32] = "";
    at(path, what, "");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    if (read(fd, text, sizeof text - 1) < 0)
        text[0] = 0;
    close(fd);
    return atol(text);
}

/* The name of a file in the data directory; "" for the directory itself; NULL
 * for anything else. The index of the log is memory, not disk. */
static const char *ours(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, 4095);
    if (n < 0 || !ready())
        return NULL;
    path[n] = 0;
    size_t m = strlen(data);
    if (strncmp(path, data, m))
        return NULL;
    if (!path[m])
        return "";
    const char *name = path + m + 1;
    size_t length = strlen(name);
    if (path[m] != '/' || strchr(name, '/') || strchr(name, ' '))
        return NULL;
    if (length > 4 && !strcmp(name + length - 4, "-shm"))
        return NULL;
    return name;
}

static void inode(int fd, char *out) {
    struct stat s;
    fstat(fd, &s);
    snprintf(out, 32, "%lu", (unsigned long)s.st_ino);
}

static void copy(const char *from, const char *to) {
    char partial[4200], buffer[65536];
    snprintf(partial, sizeof partial, "%s.new", to);
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t n;
    write_fn put = (write_fn)real("write");
    while (in >= 0 && (n = read(in, buffer, sizeof buffer)) > 0)
        if (put(out, buffer, n) != n)
            abort();
    close(in);
    close(out);
    rename(partial, to);
}

static void name_is(const char *name, const char *number) {
    char path[4096], partial[4200];
    at(path, "names", name);
    snprintf(partial, sizeof partial, "%s.new", path);
    int out = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (((write_fn)real("write"))(out, number, strlen(number)) < 0)
        abort();
    close(out);
    rename(partial, path);
}

static void names_are(void) {
    char path[4096], number[32];
    DIR *names;
    struct dirent *entry;
    at(path, "names", "");
    names = opendir(path);
    while (names && (entry = readdir(names))) {
        char live[4096];
        snprintf(live, sizeof live, "%s/%s", data, entry->d_name);
        if (entry->d_name[0] != '.' && access(live, F_OK)) {
            at(path, "names", entry->d_name);
            unlink(path);
        }
    }
    if (names)
        closedir(names);
    names = opendir(data);
    while (names && (entry = readdir(names))) {
        if (entry->d_type != DT_REG)
            continue;
        snprintf(number, sizeof number, "%lu", (unsigned long)entry->d_ino);
        name_is(entry->d_name, number);
    }
    if (names)
        closedir(names);
}

static void written(int fd, const void *bytes, size_t n, off_t offset) {
    char path[4096], number[32];
    inode(fd, number);
    at(path, "pending", number);
    int out = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    uint64_t head[2] = {offset, n};
    write_fn put = (write_fn)real("write");
    if (put(out, head, sizeof head) < 0 || (n && put(out, bytes, n) < 0))
        abort();
    close(out);
}

static int refused(void) {
    if (asked("full"))
        return ENOSPC;
    if (asked("readonly"))
        return EROFS;
    return 0;
}

static int sync_one(int fd, const char *how) {
    char path[4096], number[32], to[4096];
    const char *name = ours(fd, path);
    if (!name)
        return ((sync_fn)real(how))(fd);
    long wait = asked_number("slow");
    if (wait)
        usleep(wait * 1000);
    const char *forget = getenv("DISK_FORGET");
    size_t n = strlen(name);
    int log = n > 4 && !strcmp(name + n - 4, "-wal");
    if (forget && (!strcmp(forget, "all") || log))
        return 0;
    pthread_mutex_lock(&lock);
    if (*name) {
        inode(fd, number);
        at(to, "images", number);
        copy(path, to);
        at(to, "pending", number);
        unlink(to);
        name_is(name, number);
    } else {
        names_are();
    }
    pthread_mutex_unlock(&lock);
    return 0;
}

int fsync(int fd) {
    return sync_one(fd, "fsync");
}

int fdatasync(int fd) {
    return sync_one(fd, "fdatasync");
}

static ssize_t write_at(int fd, const void *bytes, size_t n, off_t offset, const char *how) {
    char path[4096];
    const char *name = ours(fd, path);
    off_t place = offset;
    if (name) {
        int error = refused();
        if (error) {
            errno = error;
            return -1;
        }
        if (offset < 0)
            place = fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END)
                                                  : lseek(fd, 0, SEEK_CUR);
        pthread_mutex_lock(&lock);
    }
    ssize_t done = offset < 0 ? ((write_fn)real(how))(fd, bytes, n)
                              : ((pwrite_fn)real(how))(fd, bytes, n, offset);
    if (name) {
        if (done > 0)
            written(fd, bytes, done, place);
        pthread_mutex_unlock(&lock);
    }
    return done;
}

ssize_t write(int fd, const void *bytes, size_t n) {
    return write_at(fd, bytes, n, -1, "write");
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t offset) {
    return write_at(fd, bytes, n, offset, "pwrite");
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off_t offset) {
    return write_at(fd, bytes, n, offset, "pwrite64");
}

static int truncate_one(int fd, off_t length, const char *how) {
    char path[4096];
    const char *name = ours(fd, path);
    int error = name ? refused() : 0;
    if (error) {
        errno = error;
        return -1;
    }
    /* The image keeps its old length until the next sync: the longer one. */
    return ((truncate_fn)real(how))(fd, length);
}

int ftruncate(int fd, off_t length) {
    return truncate_one(fd, length, "ftruncate");
}

int ftruncate64(int fd, off_t length) {
    return truncate_one(fd, length, "ftruncate64");
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    static clock_fn ask;
    if (!ask)
        ask = (clock_fn)real("clock_gettime");
    int result = ask(clock, time);
    if (clock == CLOCK_REALTIME && ready())
        time->tv_sec += asked_number("clock");
    return result;
}
