#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CKrunShims.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include <sys/wait.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

extern char **environ;

/* Not every library opens its sockets so that they are gone with exec: who has one open keeps its port taken and its peer waiting. */
static void keep_descriptors(const struct krun_program *program, int trouble) {
    int are_closing = 0;
#if defined(__linux__) && defined(SYS_close_range)
    /* 4: CLOSE_RANGE_CLOEXEC, since Linux 5.11. */
    are_closing = syscall(SYS_close_range, 3u, ~0u, 4u) == 0;
#endif
    for (int number = 3; !are_closing && number < 4096; number++) fcntl(number, F_SETFD, FD_CLOEXEC);
    for (int index = 0; index < program->inherited_count; index++)
        if (program->inherited[index] != trouble) fcntl(program->inherited[index], F_SETFD, 0);
}

/* Between fork and exec: nothing but what a signal's handler may call, for other threads may have held any lock. */
static void become(const struct krun_program *program, pid_t parent, int trouble) {
    for (int number = 1; number < 32; number++) {
        if (number == SIGHUP && program->ignores_hangup) continue;
        signal(number, SIG_DFL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (program->leads_group) setpgid(0, 0);
#ifdef __linux__
    /* Not posix_spawn, which cannot do this: whoever ends without a word takes it along. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(143);
#endif
    int failed = 0;
    if (program->has_no_input) {
        int nothing = open("/dev/null", O_RDONLY);
        failed = nothing < 0 || dup2(nothing, STDIN_FILENO) < 0;
    }
    if (!failed && program->output >= 0)
        failed = dup2(program->output, STDOUT_FILENO) < 0 || dup2(program->output, STDERR_FILENO) < 0;
    keep_descriptors(program, trouble);
    if (!failed) {
        environ = (char **)program->environment;
        execvp(program->arguments[0], program->arguments);
    }
    int error = errno;
    ssize_t written = write(trouble, &error, sizeof(error));
    (void)written;
    _exit(127);
}

int32_t krun_start(const struct krun_program *program) {
    int trouble[2];
    if (pipe(trouble) != 0) return -errno;
    /* Another thread may start a program between these two calls; then that one keeps the pipe open, and reading waits until it has begun
       as well: krun starts programs one at a time. */
    fcntl(trouble[0], F_SETFD, FD_CLOEXEC);
    fcntl(trouble[1], F_SETFD, FD_CLOEXEC);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) become(program, parent, trouble[1]);
    int error = child < 0 ? errno : 0;
    close(trouble[1]);
    if (child > 0) {
        ssize_t size;
        do size = read(trouble[0], &error, sizeof(error)); while (size < 0 && errno == EINTR);
        if (size != sizeof(error)) {
            error = 0;
        } else {
            while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        }
    }
    close(trouble[0]);
    return error ? -error : child;
}
