#include "engine/base/hash.h"

#include <assert.h>

/* The largest block that a hash takes at a time: a SHA-256 block. */
#define SHA256_BLOCK_SIZE 64

/* Written out, because compilers make one load of it, which they do not of a loop. */
static uint64_t
load_little_64(const uint8_t *bytes)
{
    return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 |
           (uint64_t)bytes[3] << 24 | (uint64_t)bytes[4] << 32 | (uint64_t)bytes[5] << 40 |
           (uint64_t)bytes[6] << 48 | (uint64_t)bytes[7] << 56;
}

static void
store_little_64(uint64_t value, uint8_t *ret_bytes)
{
    for (size_t i = 0; i < 8; i++) {
        ret_bytes[i] = (uint8_t)(value >> (8 * i));
    }
}

static uint64_t
rotate_left_64(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

struct siphash {
    uint64_t v0;
    uint64_t v1;
    uint64_t v2;
    uint64_t v3;
};

static void
siphash_rounds(struct siphash *state, int count)
{
    for (int i = 0; i < count; i++) {
        state->v0 += state->v1;
        state->v2 += state->v3;
        state->v1 = rotate_left_64(state->v1, 13) ^ state->v0;
        state->v3 = rotate_left_64(state->v3, 16) ^ state->v2;
        state->v0 = rotate_left_64(state->v0, 32);
        state->v2 += state->v1;
        state->v0 += state->v3;
        state->v1 = rotate_left_64(state->v1, 17) ^ state->v2;
        state->v3 = rotate_left_64(state->v3, 21) ^ state->v0;
        state->v2 = rotate_left_64(state->v2, 32);
    }
}

static void
siphash_word(struct siphash *state, uint64_t word)
{
    state->v3 ^= word;
    siphash_rounds(state, 2);
    state->v0 ^= word;
}

static uint64_t
siphash_output(struct siphash *state)
{
    siphash_rounds(state, 4);
    return state->v0 ^ state->v1 ^ state->v2 ^ state->v3;
}

struct wh_hash_id
wh_hash_siphash(const uint8_t key[WH_HASH_KEY_SIZE], struct wh_str data)
{
    uint64_t key0 = load_little_64(key);
    uint64_t key1 = load_little_64(key + 8);
    const uint8_t *bytes = (const uint8_t *)data.ptr;
    /* The constants spell "somepseudorandomlygeneratedbytes"; 0xee marks the 128-bit variant. */
    struct siphash state = {
        .v0 = key0 ^ UINT64_C(0x736f6d6570736575),
        .v1 = key1 ^ UINT64_C(0x646f72616e646f6d) ^ 0xee,
        .v2 = key0 ^ UINT64_C(0x6c7967656e657261),
        .v3 = key1 ^ UINT64_C(0x7465646279746573),
    };
    size_t at = 0;
    for (; data.len - at >= 8; at += 8) {
        siphash_word(&state, load_little_64(bytes + at));
    }
    uint8_t last[8] = {0};
    if (at < data.len) {
        memcpy(last, bytes + at, data.len - at);
    }
    last[7] = (uint8_t)data.len;
    siphash_word(&state, load_little_64(last));
    struct wh_hash_id id;
    state.v2 ^= 0xee;
    store_little_64(siphash_output(&state), id.bytes);
    state.v1 ^= 0xdd;
    store_little_64(siphash_output(&state), id.bytes + 8);
    return id;
}

uint64_t
wh_hash_fingerprint(struct wh_str data)
{
    static const uint8_t zero_key[WH_HASH_KEY_SIZE] = {0};
    struct wh_hash_id id = wh_hash_siphash(zero_key, data);
    return load_little_64(id.bytes);
}

/* The first 32 bits of the fractions of the cube roots of the first 64 primes. */
static const uint32_t sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t
rotate_right_32(uint32_t value, unsigned bits)
{
    return value >> bits | value << (32 - bits);
}

static void
sha256_schedule(const uint8_t block[SHA256_BLOCK_SIZE], uint32_t ret_words[64])
{
    for (size_t i = 0; i < 16; i++) {
        ret_words[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
                       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    }
    for (size_t i = 16; i < 64; i++) {
        uint32_t a = ret_words[i - 15];
        uint32_t b = ret_words[i - 2];
        uint32_t s0 = rotate_right_32(a, 7) ^ rotate_right_32(a, 18) ^ a >> 3;
        uint32_t s1 = rotate_right_32(b, 17) ^ rotate_right_32(b, 19) ^ b >> 10;
        ret_words[i] = ret_words[i - 16] + s0 + ret_words[i - 7] + s1;
    }
}

static void
sha256_block(uint32_t state[8], const uint8_t block[SHA256_BLOCK_SIZE])
{
    uint32_t words[64];
    uint32_t v[8]; /* a to h of the standard */
    sha256_schedule(block, words);
    memcpy(v, state, sizeof(v));
    for (size_t i = 0; i < 64; i++) {
        uint32_t s1 =
            rotate_right_32(v[4], 6) ^ rotate_right_32(v[4], 11) ^ rotate_right_32(v[4], 25);
        uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        uint32_t t1 = v[7] + s1 + choice + sha256_constants[i] + words[i];
        uint32_t s0 =
            rotate_right_32(v[0], 2) ^ rotate_right_32(v[0], 13) ^ rotate_right_32(v[0], 22);
        uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        memmove(v + 1, v, 7 * sizeof(v[0]));
        v[4] += t1;
        v[0] = t1 + s0 + majority;
    }
    for (size_t i = 0; i < 8; i++) {
        state[i] += v[i];
    }
}

void
wh_hash_sha256(struct wh_str data, uint8_t ret_digest[WH_HASH_SHA256_SIZE])
{
    /* The first 32 bits of the fractions of the square roots of the first eight primes. */
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    const uint8_t *bytes = (const uint8_t *)data.ptr;
    size_t at = 0;
    for (; data.len - at >= SHA256_BLOCK_SIZE; at += SHA256_BLOCK_SIZE) {
        sha256_block(state, bytes + at);
    }
    /* The rest, a 1 bit, and the length in bits need one block more, or two. */
    uint8_t last[2 * SHA256_BLOCK_SIZE] = {0};
    size_t rest = data.len - at;
    if (rest > 0) {
        memcpy(last, bytes + at, rest);
    }
    last[rest] = 0x80;
    size_t size = rest + 9 <= SHA256_BLOCK_SIZE ? SHA256_BLOCK_SIZE : 2 * SHA256_BLOCK_SIZE;
    uint64_t bits = (uint64_t)data.len * 8;
    for (size_t i = 0; i < 8; i++) {
        last[size - 1 - i] = (uint8_t)(bits >> (8 * i));
    }
    for (size_t from = 0; from < size; from += SHA256_BLOCK_SIZE) {
        sha256_block(state, last + from);
    }
    for (size_t i = 0; i < WH_HASH_SHA256_SIZE; i++) {
        ret_digest[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
    }
}

void
wh_hash_hex(const uint8_t *bytes, size_t size, char *ret_text)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        ret_text[2 * i] = digits[bytes[i] >> 4];
        ret_text[2 * i + 1] = digits[bytes[i] & 0xF];
    }
    ret_text[2 * size] = '\0';
}

static uint32_t
murmur2(struct wh_str data)
{
    const uint32_t factor = 0x5bd1e995;
    const uint8_t *bytes = (const uint8_t *)data.ptr;
    /* The seed is the one that Kafka's clients have in common. */
    uint32_t hash = UINT32_C(0x9747b28c) ^ (uint32_t)data.len;
    size_t at = 0;
    for (; data.len - at >= 4; at += 4) {
        uint32_t word = (uint32_t)bytes[at] | (uint32_t)bytes[at + 1] << 8 |
                        (uint32_t)bytes[at + 2] << 16 | (uint32_t)bytes[at + 3] << 24;
        word *= factor;
        word ^= word >> 24;
        hash = hash * factor ^ word * factor;
    }
    if (at < data.len) {
        for (size_t i = data.len; i > at; i--) {
            hash ^= (uint32_t)bytes[i - 1] << (8 * (i - 1 - at));
        }
        hash *= factor;
    }
    hash ^= hash >> 13;
    hash *= factor;
    return hash ^ hash >> 15;
}

uint32_t
wh_hash_murmur2_partition(struct wh_str key, uint32_t partitions)
{
    assert(partitions > 0);
    return (murmur2(key) & 0x7FFFFFFF) % partitions;
}
