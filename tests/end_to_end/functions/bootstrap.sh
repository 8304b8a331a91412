#!/bin/bash
# A custom runtime (provided.*) without any client: the Runtime API over bash's own sockets. Answers an event with itself;
# one that holds "fail" with an error, one that holds "exit" by ending.
host=${AWS_LAMBDA_RUNTIME_API%:*} port=${AWS_LAMBDA_RUNTIME_API##*:}

request() { # method, path, body; leaves the request id in $id and the body in $event
    exec 3<>"/dev/tcp/$host/$port"
    printf '%s /2018-06-01/runtime/%s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' \
        "$1" "$2" "$AWS_LAMBDA_RUNTIME_API" "${#3}" "$3" >&3
    length=0
    while IFS= read -r line <&3 && line=${line%$'\r'} && [ -n "$line" ]; do
        case ${line,,} in
        lambda-runtime-aws-request-id:*) id=${line##* } ;;
        content-length:*) length=${line##* } ;;
        esac
    done
    event=
    [ "$length" -gt 0 ] && IFS= read -r -N "$length" event <&3
    exec 3>&-
}

while request GET invocation/next ''; do
    case $event in
    *exit*) exit 7 ;;
    *fail*) request POST "invocation/$id/error" '{"errorMessage":"no","errorType":"Shell.Error"}' ;;
    *) request POST "invocation/$id/response" "$event" ;;
    esac
done
