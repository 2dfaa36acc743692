#include "connectors/redis/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

/* The newest complaint of this thread's queue, which is empty afterwards. */
static const char *
take_complaint(void)
{
    unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    return code == 0 ? NULL : ERR_reason_error_string(code);
}

static enum wh_err
unusable(const char *key, const char *path, struct wh_error *error)
{
    const char *why = take_complaint();
    return wh_error_set(error, WH_ERR_USAGE, "%s: \"%s\": %s", key, path,
                        why == NULL ? "it cannot be read" : why);
}

static enum wh_err
load_files(SSL_CTX *context, const struct wh_redis_tls_files *files, struct wh_error *error)
{
    if (files->authorities == NULL && SSL_CTX_set_default_verify_paths(context) != 1) {
        return unusable("the machine's authorities", "", error);
    }
    if (files->authorities != NULL &&
        SSL_CTX_load_verify_locations(context, files->authorities, NULL) != 1) {
        return unusable("store.tls.authorities", files->authorities, error);
    }
    if (files->certificate == NULL) {
        return WH_OK;
    }
    if (SSL_CTX_use_certificate_chain_file(context, files->certificate) != 1) {
        return unusable("store.tls.certificate", files->certificate, error);
    }
    const char *key = files->key == NULL ? files->certificate : files->key;
    if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        return unusable("store.tls.key", key, error);
    }
    return WH_OK;
}

enum wh_err
wh_redis_tls_open(const struct wh_redis_tls_files *files, SSL_CTX **ret_context,
                  struct wh_error *error)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (context == NULL) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "no memory for TLS to the store");
    }
    (void)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    enum wh_err err = load_files(context, files, error);
    if (err != WH_OK) {
        SSL_CTX_free(context);
        return err;
    }
    *ret_context = context;
    return WH_OK;
}

static bool
is_address(const char *name)
{
    struct in6_addr address;
    return inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address) == 1;
}

SSL *
wh_redis_tls_begin(SSL_CTX *context, const char *name)
{
    SSL *ssl = SSL_new(context);
    ERR_clear_error(); /* an old complaint would be taken for one of this connection */
    if (ssl == NULL) {
        return NULL;
    }
    bool is_set = is_address(name)
                      ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) == 1
                      : SSL_set1_host(ssl, name) == 1 && SSL_set_tlsext_host_name(ssl, name) == 1;
    if (!is_set) {
        SSL_free(ssl);
        return NULL;
    }
    return ssl;
}

const char *
wh_redis_tls_reason(const SSL *ssl)
{
    long verdict = SSL_get_verify_result(ssl);
    const char *why = take_complaint();
    return verdict == X509_V_OK ? why : X509_verify_cert_error_string(verdict);
}
