// Asterisk's side of many calls at once, as cheap as it goes, so that what is measured is the server.
//   load PORT SCRIPT calls=N [at_once=N] [per_second=N] [hold=MS] [patience=MS] [status=TEXT]
// With `per_second` calls come on their own schedule, whether earlier ones are over or not (exponential gaps); else `at_once` are kept going.
// `hold` waits so long before the first answer. `patience` is how long a connect may take, in ms (Asterisk's 2 s).
// Prints JSON: seconds, done, lost (no connect in time, or no command came), busy, first (ms from connect to the first command: p50, p99, p999, max).
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum state { FREE, CONNECTING, WAITING, HELD, TALKING };
struct call { enum state state; double began, until; int commands, busy; char tail[32]; int tail_length; };

static struct call *calls;
static double *firsts;
static long measured, done, lost, busy, started_calls, under_way;
static int epoll, port, most_fd;
static double hold, patience = 2000;
static char environment[2048];
static size_t environment_length;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static double option(int argc, char **argv, const char *name, double otherwise) {
  size_t length = strlen(name);
  for (int i = 3; i < argc; i++)
    if (strncmp(argv[i], name, length) == 0 && argv[i][length] == '=') return atof(argv[i] + length + 1);
  return otherwise;
}

static void watch(int fd, uint32_t events, int operation) {
  struct epoll_event event = { .events = events, .data.fd = fd };
  epoll_ctl(epoll, operation, fd, &event);
}

static void end(int fd, int is_lost) {
  if (is_lost) lost++;
  else done++;
  if (calls[fd].busy) busy++;
  calls[fd].state = FREE;
  under_way--;
  close(fd);
}

static void begin(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  started_calls++;
  if (fd < 0 || fd >= most_fd) {
    perror("load: socket");
    exit(1);
  }
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  calls[fd] = (struct call){ .state = CONNECTING, .began = now() };
  under_way++;
  if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) {
    end(fd, 1);
    return;
  }
  watch(fd, EPOLLOUT, EPOLL_CTL_ADD);
}

static void answer(int fd, int how_often) {
  static const char reply[] = "200 result=1\n";
  while (how_often-- > 0)
    if (write(fd, reply, sizeof reply - 1) < 0) return;
}

static void take(int fd) {
  struct call *call = &calls[fd];
  char bytes[65536];
  ssize_t length = read(fd, bytes, sizeof bytes - 1);
  if (length < 0 && errno == EAGAIN) return;
  if (length <= 0) {
    end(fd, call->commands == 0);
    return;
  }
  bytes[length] = 0;
  if (call->commands == 0) firsts[measured++] = now() - call->began;
  if (strstr(bytes, "\"BUSY\"")) call->busy = 1;
  int lines = 0;
  for (ssize_t i = 0; i < length; i++) lines += bytes[i] == '\n';
  if (call->commands == 0 && hold > 0) {
    call->state = HELD;
    call->until = now() + hold;
    call->commands = lines;
    return;
  }
  call->state = TALKING;
  call->commands += lines;
  answer(fd, lines);
}

static void ready(int fd) {
  if (calls[fd].state != CONNECTING) {
    if (calls[fd].state != FREE) take(fd);
    return;
  }
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error || now() - calls[fd].began > patience || write(fd, environment, environment_length) < 0) {
    end(fd, 1);
    return;
  }
  calls[fd].state = WAITING;
  watch(fd, EPOLLIN, EPOLL_CTL_MOD);
}

static int ascending(const void *one, const void *other) {
  double a = *(const double *)one, b = *(const double *)other;
  return (a > b) - (a < b);
}

static double percentile(double share) {
  if (measured == 0) return 0;
  long at = (long)(share * measured);
  return firsts[at >= measured ? measured - 1 : at];
}

int main(int argc, char **argv) {
  if (argc < 4) return fprintf(stderr, "load PORT SCRIPT calls=N ...\n"), 100;
  port = atoi(argv[1]);
  long total = option(argc, argv, "calls", 1), at_once = option(argc, argv, "at_once", 1);
  double per_second = option(argc, argv, "per_second", 0), silence = option(argc, argv, "silence", 30000);
  hold = option(argc, argv, "hold", 0);
  patience = option(argc, argv, "patience", patience);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  most_fd = limit.rlim_cur > 1000000 ? 1000000 : limit.rlim_cur;
  calls = calloc(most_fd, sizeof *calls);
  firsts = calloc(total, sizeof *firsts);
  environment_length = snprintf(environment, sizeof environment,
    "agi_network: yes\nagi_network_script: %s\nagi_request: agi://127.0.0.1/%s\nagi_channel: PJSIP/100-00000001\nagi_language: en\n"
    "agi_type: PJSIP\nagi_uniqueid: 1700000000.1\nagi_version: 22.10.1\nagi_callerid: 100\nagi_calleridname: Someone\nagi_callingpres: 0\n"
    "agi_callingani2: 0\nagi_callington: 0\nagi_callingtns: 0\nagi_dnid: 200\nagi_rdnis: unknown\nagi_context: default\nagi_extension: 200\n"
    "agi_priority: 2\nagi_enhanced: 0.0\nagi_accountcode: \nagi_threadid: 140000000000000\n\n", argv[2], argv[2]);
  epoll = epoll_create1(0);
  double began = now(), next = began, looked = began;
  srand48(1);
  struct epoll_event events[1024];
  while (done + lost < total) {
    if (per_second > 0) {
      for (; started_calls < total && next <= now(); next += -log(1 - drand48()) * 1e3 / per_second) begin();
    } else {
      while (started_calls < total && under_way < at_once) begin();
    }
    int wait = per_second > 0 && started_calls < total ? (int)fmax(0, next - now()) : 20;
    int count = epoll_wait(epoll, events, 1024, wait);
    for (int i = 0; i < count; i++) ready(events[i].data.fd);
    if (now() - looked < 10) continue;
    looked = now();
    for (int fd = 0; fd < most_fd && under_way > 0; fd++) {
      struct call *call = &calls[fd];
      if (call->state == HELD && call->until <= looked) {
        call->state = TALKING;
        answer(fd, call->commands);
      } else if ((call->state == CONNECTING && looked - call->began > patience) ||
                 (call->state == WAITING && looked - call->began > silence)) {
        end(fd, 1);
      }
    }
  }
  double seconds = (now() - began) / 1e3;
  qsort(firsts, measured, sizeof *firsts, ascending);
  printf("{ \"seconds\": %.3f, \"done\": %ld, \"lost\": %ld, \"busy\": %ld, \"rate\": %.1f, \"p50\": %.3f, \"p99\": %.3f, \"p999\": %.3f, \"max\": %.3f }\n",
    seconds, done, lost, busy, (done + lost) / seconds, percentile(0.5), percentile(0.99), percentile(0.999), percentile(1));
  return lost > 0;
}
