/* The floor that the launcher is measured against: the same three requests, one after another, with nothing else done and nothing checked.
 * Build: cc -O2 -static bare_extension.c -o bare_extension */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char answer[65536];
static int connection;

static void ask(const char *method, const char *path, const char *headers, const char *body) {
    char request[1024];
    int length =
        snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: x\r\n%sContent-Length: %zu\r\n\r\n%s", method, path, headers, strlen(body), body);
    if (write(connection, request, (size_t)length) != length) {
        exit(1);
    }
}

static void receive(void) {
    ssize_t got = read(connection, answer, sizeof answer - 1);
    if (got <= 0) {
        exit(1);
    }
    answer[got] = '\0';
}

int main(void) {
    struct sockaddr_in lambda = {.sin_family = AF_INET}, any = {.sin_family = AF_INET};
    socklen_t length = sizeof any;
    char *api = getenv("AWS_LAMBDA_RUNTIME_API"), header[256], body[512];
    lambda.sin_port = htons((uint16_t)atoi(strchr(api, ':') + 1));
    lambda.sin_addr.s_addr = inet_addr("127.0.0.1");
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&any, sizeof any) != 0 || listen(listener, 16) != 0 ||
        getsockname(listener, (struct sockaddr *)&any, &length) != 0) {
        return 1;
    }
    connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(connection, (struct sockaddr *)&lambda, sizeof lambda) != 0) {
        return 1;
    }
    ask("POST", "/2020-01-01/extension/register", "Lambda-Extension-Name: bare\r\n", "{\"events\":[\"INVOKE\",\"SHUTDOWN\"]}");
    receive();
    char *identifier = strcasestr(answer, "lambda-extension-identifier: ") + 29;
    snprintf(header, sizeof header, "Lambda-Extension-Identifier: %.36s\r\n", identifier);
    snprintf(body, sizeof body,
             "{\"schemaVersion\":\"2025-01-29\",\"types\":[\"platform\"],\"buffering\":{\"maxItems\":1000,\"maxBytes\":262144,"
             "\"timeoutMs\":25},\"destination\":{\"protocol\":\"HTTP\",\"URI\":\"http://sandbox.localdomain:%d\"}}",
             ntohs(any.sin_port));
    ask("PUT", "/2022-07-01/telemetry", header, body);
    receive();
    for (;;) {
        ask("GET", "/2020-01-01/extension/event/next", header, "");
        receive();
        if (strstr(answer, "SHUTDOWN") != NULL) {
            return 0;
        }
    }
}
