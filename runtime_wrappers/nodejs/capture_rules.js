'use strict';
// What of a call may be captured: sizes from the environment, and hosts whose bodies are never written.
// The hosts are those of SPOOL_FORMAT.md, "Never written".

const MOST_BYTES = 1 << 20;
const SECRET_SERVICES = new Set(
  ['secretsmanager', 'ssm', 'kms', 'sts'].flatMap((name) => [name, `${name}-fips`]),
);
const AWS_DOMAINS = ['.amazonaws.com', '.amazonaws.com.cn', '.api.aws', '.amazonaws.eu'];
const CREDENTIAL_HOSTS = new Set([
  '169.254.170.2',
  '169.254.170.23',
  '169.254.169.254',
  'fd00:ec2::23',
  'fd00:ec2::254',
]);
const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);

const NOTHING = 0;
const HEAD_ONLY = 1;
const ALL = 2;

function variable(environment, name, fallback = '') {
  return (environment[name] || fallback).trim();
}

/** Bytes from the environment, 1 MiB at most; anything but a number means the default (the extension tells the user). */
function size(environment, name, fallback) {
  const text = variable(environment, name);
  if (text === '') return fallback; // as nearly always: no expression need be compiled
  return /^[0-9]+$/.test(text) ? Math.min(Number(text.slice(0, 9)), MOST_BYTES) : fallback;
}

/** In lower case, without the brackets of an IPv6 address and the dot at a name's end. */
function plainHost(host) {
  return host.toLowerCase().replace(/^\[|\]$|\.$/g, '');
}

/** `example.com`, `example.com:8080`, `.example.com` and `*.example.com` (all below it). */
function matches(host, port, name) {
  const bare = name.replace(/^\*+/, '');
  if (bare.startsWith('.')) return host.endsWith(bare);
  return bare === host || bare === `${host}:${port}`;
}

/** The rules of one process, read from its environment when the wrapper is installed. */
class CaptureRules {
  constructor(environment) {
    this.callBytes = size(environment, 'AFTERCALL_CAPTURE_BYTES', 4096);
    // Never less: trace, trigger and outcome are found in them. The extension cuts what it shows.
    this.eventBytes = Math.max(size(environment, 'AFTERCALL_EVENT_BYTES', 65536), 65536);
    // Of an error post: a stack trace is worth more than an event.
    this.errorBytes = 262144;
    this.propagates = ['1', 'true'].includes(variable(environment, 'AFTERCALL_PROPAGATE').toLowerCase());
    this.runtimeApi = variable(environment, 'AWS_LAMBDA_RUNTIME_API').toLowerCase();
    // AWS's Parameters and Secrets extension hands out secrets over plain HTTP on this port.
    this.secretsExtension = variable(environment, 'PARAMETERS_SECRETS_EXTENSION_HTTP_PORT', '2773');
    const excluded = variable(environment, 'AFTERCALL_EXCLUDE_HOSTS').toLowerCase();
    this.excluded = excluded === '' ? [] : excluded.split(/[\s,]+/).filter(Boolean);
    this.known = new Map();
  }

  /** NOTHING (Runtime API), HEAD_ONLY (a call without bodies) or ALL. */
  of(host, port) {
    const key = `${host}:${port}`;
    let found = this.known.get(key);
    if (found === undefined) {
      if (this.known.size >= 1000) this.known.clear();
      found = this.find(plainHost(host), String(port));
      this.known.set(key, found);
    }
    return found;
  }

  find(host, port) {
    if (this.runtimeApi && (this.runtimeApi === `${host}:${port}` || (port === '80' && this.runtimeApi === host))) {
      return NOTHING;
    }
    if (CREDENTIAL_HOSTS.has(host) || this.excluded.some((name) => matches(host, port, name))) return HEAD_ONLY;
    if (LOOPBACK.has(host) && port === this.secretsExtension) return HEAD_ONLY;
    const aws = AWS_DOMAINS.some((domain) => host.endsWith(domain));
    return aws && host.split('.').some((label) => SECRET_SERVICES.has(label)) ? HEAD_ONLY : ALL;
  }
}

module.exports = { ALL, CaptureRules, HEAD_ONLY, NOTHING, plainHost, variable };
