// What Glibc's module does not show to Swift.
#ifndef MAAS_FILES_H
#define MAAS_FILES_H

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Lets two names change places in one step (RENAME_EXCHANGE of renameat2, Linux 3.15).
/// Gives 0, or -1 with the reason in errno: EINVAL where the file system cannot.
static inline int maas_exchange(const char *one, const char *other) {
  return (int)syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 2u);
}

#endif
