#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "base/heap.h"
#include "base/limits.h"
#include "http/server_parts.h"

#define BACKLOG          1024
#define HEADER_BYTES_MAX (32 * 1024)
#define STOP_WRITING_MS  5'000
#define EVHTTP_TIMEOUT_S 120 // evhttp's own; ours (server_conn_sweep) are shorter

uint64_t server_now_ms(const Server *server)
{
    return server->world->steady_ms(server->world->self);
}

bool server_line_add(ServerLine *line, ServerPost *fn, void *arg)
{
    ServerJob *job = malloc(sizeof *job); // owned: by the line, freed by who takes it
    if (job == NULL) abort();
    *job = (ServerJob){.fn = fn, .arg = arg};
    (void)pthread_mutex_lock(&line->lock);
    bool first = line->last == NULL;
    if (!first)
        line->last->next = job;
    else
        line->first = job;
    line->last = job;
    line->count++;
    (void)pthread_mutex_unlock(&line->lock);
    return first;
}

ServerJob *server_line_take_all(ServerLine *line)
{
    (void)pthread_mutex_lock(&line->lock);
    ServerJob *first = line->first;
    line->first = line->last = NULL;
    line->count = 0;
    (void)pthread_mutex_unlock(&line->lock);
    return first;
}

static void run_all(ServerJob *job)
{
    while (job != NULL) {
        ServerJob *next = job->next;
        job->fn(job->arg);
        free(job);
        job = next;
    }
}

void server_post(ServerThread *thread, ServerPost *fn, void *arg)
{
    // One wake-up for a whole group: the loop takes all that stands in line.
    if (server_line_add(&thread->line, fn, arg)) (void)eventfd_write(thread->wake_fd, 1);
}

static void on_wake(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    ServerThread *thread = arg;
    eventfd_t count = 0;
    (void)eventfd_read(fd, &count);
    run_all(server_line_take_all(&thread->line));
}

// Every request is answered and every answer written, or its reader is too slow.
static void leave_when_done(ServerThread *thread)
{
    if (!thread->stopping || thread->under_way != NULL) return;
    bool writing = false;
    for (const ServerConn *conn = thread->conns; conn != NULL && !writing; conn = conn->next)
        writing = !conn->cut && evbuffer_get_length(bufferevent_get_output(conn->bufev)) > 0;
    if (!writing || server_now_ms(thread->server) > thread->stop_ms)
        (void)event_base_loopexit(thread->base, NULL);
}

static void on_chore(evutil_socket_t fd, short what, void *arg)
{
    server_conn_chores(fd, what, arg);
    leave_when_done(arg);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    server_conn_sweep(arg);
    exchange_sweep(arg);
    leave_when_done(arg);
}

static void stop_thread(void *arg)
{
    ServerThread *thread = arg;
    thread->stopping = true;
    thread->stop_ms = server_now_ms(thread->server) + STOP_WRITING_MS;
    if (thread->tcp_bound != NULL) evhttp_del_accept_socket(thread->tcp, thread->tcp_bound);
    if (thread->local_bound != NULL) evhttp_del_accept_socket(thread->local, thread->local_bound);
    thread->tcp_bound = thread->local_bound = NULL;
    exchange_sweep(thread);
    leave_when_done(thread);
}

static void *thread_main(void *arg)
{
    ServerThread *thread = arg;
    (void)event_base_dispatch(thread->base);
    return NULL;
}

static void *worker_main(void *arg)
{
    Server *server = arg;
    for (;;) {
        (void)pthread_mutex_lock(&server->work.lock);
        while (server->work.first == NULL && !server->work_ends)
            (void)pthread_cond_wait(&server->work_there, &server->work.lock);
        ServerJob *job = server->work.first;
        if (job != NULL) {
            server->work.first = job->next;
            if (job->next == NULL) server->work.last = NULL;
            server->work.count--;
        }
        (void)pthread_mutex_unlock(&server->work.lock);
        if (job == NULL) return NULL;
        job->next = NULL;
        run_all(job);
    }
}

static struct evhttp *http_new(ServerThread *thread,
                               void (*arrived)(struct evhttp_request *, void *))
{
    struct evhttp *http = evhttp_new(thread->base);
    if (http == NULL) abort();
    evhttp_set_max_body_size(http, (ev_ssize_t)thread->server->options.body_bytes);
    evhttp_set_max_headers_size(http, HEADER_BYTES_MAX);
    evhttp_set_timeout(http, EVHTTP_TIMEOUT_S);
    // The rest of a body that is too large is read and dropped, so that the client is still there
    // to hear why.
    (void)evhttp_set_flags(http, EVHTTP_SERVER_LINGERING_CLOSE);
    // All of them: a method that a path does not know is answered 405 by the routes.
    evhttp_set_allowed_methods(http, 0xffff);
    evhttp_set_default_content_type(http, NULL);
    evhttp_set_bevcb(http, server_conn_new, thread);
    evhttp_set_gencb(http, arrived, thread);
    return http;
}

static Err address_of(Cx *cx, const ServerOptions *options, struct sockaddr_storage *ret_address,
                      socklen_t *ret_size)
{
    const char *name = options->address;
    struct sockaddr_in *v4 = (struct sockaddr_in *)ret_address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_address;
    memset(ret_address, 0, sizeof *ret_address);
    if (strcmp(name, "localhost") == 0) name = "127.0.0.1";
    if (inet_pton(AF_INET, name, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(options->port);
        *ret_size = sizeof *v4;
        if (options->open_to_all || ntohl(v4->sin_addr.s_addr) >> 24 == 127) return ERR_OK;
    } else if (inet_pton(AF_INET6, name, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(options->port);
        *ret_size = sizeof *v6;
        if (options->open_to_all || IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr)) return ERR_OK;
    } else {
        return err_set(cx, ERR_INPUT, "'%s' is no address", name);
    }
    return err_set(cx, ERR_DENIED,
                   "'%s' is not loopback: plain HTTP is for this machine alone, other computers "
                   "come over --listen-tls",
                   name);
}

// Whether somebody listens there. Our threads share their port (SO_REUSEPORT), and the kernel would
// share it with any other process of this user, who then gets half of the requests.
static bool is_taken(const struct sockaddr_storage *address, socklen_t size)
{
    AUTO_CLOSE int fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    if (fd < 0) return false;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return bind(fd, (const struct sockaddr *)address, size) != 0 && errno == EADDRINUSE;
}

// TCP_NODELAY is inherited by accepted sockets; without it each answer waits for an ACK.
static Err listen_tcp(Cx *cx, Server *server, ServerThread *thread)
{
    struct sockaddr_storage address;
    socklen_t size = 0;
    ServerOptions options = server->options;
    if (server->port != 0) options.port = server->port;
    TRY(address_of(cx, &options, &address, &size));
    if (server->port == 0 && is_taken(&address, size))
        return err_set(cx, ERR_CONFLICT, "cannot listen on %s:%u: another program listens there",
                       options.address, options.port);
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return err_set(cx, ERR_STORE, "no socket: %s", strerror(errno));
    const int on = 1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, BACKLOG) != 0) {
        int error = errno;
        (void)close(fd);
        return err_set(cx, error == EADDRINUSE ? ERR_CONFLICT : ERR_STORE,
                       "cannot listen on %s:%u: %s", options.address, options.port,
                       strerror(error));
    }
    (void)getsockname(fd, (struct sockaddr *)&address, &size);
    server->port =
        ntohs(address.ss_family == AF_INET ? ((struct sockaddr_in *)&address)->sin_port
                                           : ((struct sockaddr_in6 *)&address)->sin6_port);
    thread->tcp = http_new(thread, exchange_arrived);
    thread->tcp_bound = evhttp_accept_socket_with_handle(thread->tcp, fd);
    return ERR_OK;
}

// A path may be longer than a socket's address: it is reached through its open folder.
static Err listen_local(Cx *cx, ServerThread *thread, const char *path)
{
    const char *slash = strrchr(path, '/');
    Slice folder = slash == NULL ? SLICE(".") : (Slice){path, (size_t)(slash - path) + 1};
    const char *folder_path = NULL;
    TRY(cx_cstr(cx, folder, &folder_path));
    AUTO_CLOSE int folder_fd = open(folder_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", folder_fd,
                   slash == NULL ? path : slash + 1);
    // Whoever holds the folder's lock owns the name; what stands there is left from a crash.
    (void)unlink(path);
    // 0600 from the first moment, not after a chmod.
    bool good = folder_fd >= 0 && fd >= 0 && fchmod(fd, 0600) == 0 &&
                bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
                chmod(path, 0600) == 0 && listen(fd, BACKLOG) == 0;
    if (!good) {
        Err err = err_set(cx, ERR_STORE, "cannot listen on '%s': %s", path, strerror(errno));
        if (fd >= 0) (void)close(fd);
        return err;
    }
    thread->local = http_new(thread, exchange_arrived_local);
    thread->local_bound = evhttp_accept_socket_with_handle(thread->local, fd);
    return ERR_OK;
}

static Err thread_open(Cx *cx, Server *server, int index)
{
    ServerThread *thread = &server->threads[index];
    thread->server = server;
    (void)pthread_mutex_init(&thread->line.lock, NULL);
    // One thread a base: libevent needs no locks, and takes none.
    struct event_config *config = event_config_new();
    if (config == NULL) abort();
    (void)event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    // evhttp stops and starts reading around every request: told to the kernel only if it lasts.
    (void)event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
    thread->base = event_base_new_with_config(config);
    event_config_free(config);
    thread->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (thread->base == NULL || thread->wake_fd < 0)
        return err_set(cx, ERR_STORE, "no event loop: %s", strerror(errno));
    thread->wake = event_new(thread->base, thread->wake_fd, EV_READ | EV_PERSIST, on_wake, thread);
    thread->tick = event_new(thread->base, -1, EV_PERSIST, on_tick, thread);
    thread->chore = event_new(thread->base, -1, 0, on_chore, thread);
    if (thread->wake == NULL || thread->tick == NULL || thread->chore == NULL) abort();
    uint64_t tick_ms = server->options.idle_ms < 1000 ? 50 : 1000;
    struct timeval tick = {.tv_sec = (time_t)(tick_ms / 1000),
                           .tv_usec = (suseconds_t)(tick_ms % 1000 * 1000)};
    (void)event_add(thread->wake, NULL);
    (void)event_add(thread->tick, &tick);
    if (server->options.address != NULL) TRY(listen_tcp(cx, server, thread));
    if (index == 0 && server->options.socket_path != NULL)
        TRY(listen_local(cx, thread, server->options.socket_path));
    return ERR_OK;
}

static void thread_free(ServerThread *thread)
{
    run_all(server_line_take_all(&thread->line));
    if (thread->tcp != NULL) evhttp_free(thread->tcp);
    if (thread->local != NULL) evhttp_free(thread->local);
    if (thread->wake != NULL) event_free(thread->wake);
    if (thread->tick != NULL) event_free(thread->tick);
    if (thread->chore != NULL) event_free(thread->chore);
    if (thread->base != NULL) event_base_free(thread->base);
    if (thread->wake_fd >= 0) (void)close(thread->wake_fd);
    (void)pthread_mutex_destroy(&thread->line.lock);
}

static void many_files(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max < 65536 ? files.rlim_max : 65536;
    (void)setrlimit(RLIMIT_NOFILE, &files);
}

static void start(Server *server)
{
    // Signals belong to the main thread.
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    for (int i = 0; i < server->thread_count; i++)
        if (pthread_create(&server->threads[i].thread, NULL, thread_main, &server->threads[i]))
            abort();
    for (int i = 0; i < server->worker_count; i++)
        if (pthread_create(&server->workers[i], NULL, worker_main, server)) abort();
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

Err server_open(Cx *cx, const ServerOptions *options, Server **ret_server)
{
    // A peer that closed ends its connection, never this process.
    (void)signal(SIGPIPE, SIG_IGN);
    many_files();
    (void)heap_tend(); // else what a flood took stays ours: no reason not to serve
    Server *server = calloc(1, sizeof *server); // owned: until server_close
    if (server == NULL) abort();
    server->options = *options;
    ServerOptions *set = &server->options;
    if (set->in_flight_bytes == 0) set->in_flight_bytes = LIMIT_IN_FLIGHT_BYTES;
    if (set->body_bytes == 0) set->body_bytes = LIMIT_REQUEST_BYTES;
    if (set->connections == 0) set->connections = LIMIT_CONNECTIONS;
    if (set->idle_ms == 0) set->idle_ms = LIMIT_CONNECTION_IDLE_MS;
    if (set->arrival_ms == 0) set->arrival_ms = LIMIT_REQUEST_ARRIVAL_MS;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    server->thread_count = set->threads > 0 ? set->threads : processors > 0 ? (int)processors : 1;
    server->worker_count = set->workers > 0 ? set->workers : 2;
    server->world = cx->world;
    server->threads =
        calloc((size_t)server->thread_count, sizeof *server->threads); // owned: with it
    server->workers =
        calloc((size_t)server->worker_count, sizeof *server->workers); // owned: with it
    if (server->threads == NULL || server->workers == NULL) abort();
    (void)pthread_mutex_init(&server->work.lock, NULL);
    (void)pthread_cond_init(&server->work_there, NULL);
    for (int i = 0; i < server->thread_count; i++)
        server->threads[i].wake_fd = -1;
    Err err = ERR_OK;
    if (set->tls_cert != NULL) err = server_tls_open(cx, set->tls_cert, set->tls_key, &server->tls);
    for (int i = 0; i < server->thread_count && err == ERR_OK; i++)
        err = thread_open(cx, server, i);
    if (err != ERR_OK) {
        server_close(server);
        return err;
    }
    start(server);
    *ret_server = server;
    return ERR_OK;
}

uint16_t server_port(const Server *server)
{
    return server->port;
}

int server_thread_count(const Server *server)
{
    return server->thread_count;
}

void server_stop(Server *server)
{
    for (int i = 0; i < server->thread_count; i++)
        server_post(&server->threads[i], stop_thread, &server->threads[i]);
    for (int i = 0; i < server->thread_count; i++)
        (void)pthread_join(server->threads[i].thread, NULL);
    (void)pthread_mutex_lock(&server->work.lock);
    server->work_ends = true;
    (void)pthread_cond_broadcast(&server->work_there);
    (void)pthread_mutex_unlock(&server->work.lock);
    for (int i = 0; i < server->worker_count; i++)
        (void)pthread_join(server->workers[i], NULL);
    if (server->options.socket_path != NULL) (void)unlink(server->options.socket_path);
}

void server_close(Server *server)
{
    if (server == NULL) return;
    for (int i = 0; i < server->thread_count; i++)
        thread_free(&server->threads[i]);
    (void)pthread_mutex_destroy(&server->work.lock);
    (void)pthread_cond_destroy(&server->work_there);
    server_tls_close(server->tls);
    free(server->threads);
    free(server->workers);
    free(server);
}

Err server_address(Cx *cx, Slice text, const char **ret_address, uint16_t *ret_port)
{
    size_t colon = text.size;
    while (colon > 0 && text.data[colon - 1] != ':')
        colon--;
    uint64_t port = 0;
    if (colon == 0 || !slice_u64(slice_sub(text, colon, text.size), &port) || port > 65535)
        return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is not ADDRESS:PORT", SLICE_ARG(text));
    Slice address = slice_sub(text, 0, colon - 1);
    if (slice_starts(address, SLICE("[")) && slice_ends(address, SLICE("]")))
        address = slice_sub(address, 1, address.size - 2);
    TRY(cx_cstr(cx, address, ret_address));
    *ret_port = (uint16_t)port;
    return ERR_OK;
}
