/* Keyed and unkeyed hashes. SipHash-2-4 with 128 bits (Aumasson and Bernstein, 2012) names
 * entities; SHA-256 (FIPS 180-4) names models; FNV-1a is for tables in memory only. */
#ifndef WH_BASE_HASH_H
#define WH_BASE_HASH_H

#include <stdint.h>

#include "engine/base/str.h"

#define WH_HASH_KEY_SIZE    16
#define WH_HASH_ID_SIZE     16
#define WH_HASH_SHA256_SIZE 32

struct wh_hash_id {
    uint8_t bytes[WH_HASH_ID_SIZE];
};

struct wh_hash_id wh_hash_siphash(const uint8_t key[WH_HASH_KEY_SIZE], struct wh_str data);

/* The first eight bytes of an unkeyed siphash (zero key), as an integer: fingerprints. */
uint64_t wh_hash_fingerprint(struct wh_str data);

void wh_hash_sha256(struct wh_str data, uint8_t ret_digest[WH_HASH_SHA256_SIZE]);

/* Lower-case hex with NUL: 2 * size + 1 bytes. */
void wh_hash_hex(const uint8_t *bytes, size_t size, char *ret_text);

/* Kafka's default partitioner: murmur2 of the key, made positive, modulo partitions (> 0). */
uint32_t wh_hash_murmur2_partition(struct wh_str key, uint32_t partitions);

#endif
