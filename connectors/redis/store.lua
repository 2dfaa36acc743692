-- The calls of engine/port/store.h on one partition; each is one step, whatever else goes on.
--
--   meta   PREFIX:{P}:meta   hash: lineage epoch version watermark offset
--   due    PREFIX:{P}:due    sorted set: ID by its next due moment in µs, +inf where there is none
--   ids    PREFIX:{P}:ids    sorted set, all of score 0: every ID, in the order of its bytes
--   gone   PREFIX:{P}:gone   sorted set: ID of each tombstone by the sequence that made it
--   entry  PREFIX:{P}:e:ID   17 bytes of head (connectors/redis/reply.h), then the state
--
--   ARGV[1]  KEYS                  ARGV[2]…
--   meta     meta
--   claim    meta                  lineage epoch base-epoch base-version replaces
--   read     meta entry…
--   write    meta due ids gone     epoch from watermark offset, then for each entry
--            entry…                due seq ("" but for a tombstone) bytes
--   dues     meta due              after-due after-ID limit
--   scan     meta ids              after-ID limit strict
--   clear    meta due ids gone     epoch from limit strict
--
-- Answer: 1 (done) or 0 (refused), lineage, epoch, version, watermark, offset (null: the partition
-- is unknown), and what the call gives: values, ID and due in turns, ID and head in turns, 1 if
-- entries are left. Of dues and scan one more than asked for shows that there are more.
--
-- A script is not taken back when a command of it fails. What may fail for want of memory or a disk
-- comes first: Redis decides about that once for the whole script.
-- replaces: 1 takes what another life left as well.
-- strict: in a cluster an entry without its key is on its way to another node; then nothing is done.

local CHUNK = 1000     -- arguments of one command; Lua's stack ends at 8000
local DROPPED = 1000   -- tombstones that one write removes

local call = ARGV[1]
local meta = redis.call('HMGET', KEYS[1], 'lineage', 'epoch', 'version', 'watermark', 'offset')
local entry = string.gsub(KEYS[1], 'meta$', 'e:')

local function answer(is_done, rest)
    return {is_done and 1 or 0, meta[1], meta[2], meta[3], meta[4], meta[5], rest}
end

local function changed(rest)
    meta = redis.call('HMGET', KEYS[1], 'lineage', 'epoch', 'version', 'watermark', 'offset')
    return answer(true, rest)
end

-- One command with many arguments, in pieces of an even number.
local function many(command, key, arguments)
    local count = 0
    for first = 1, #arguments, CHUNK do
        local last = math.min(first + CHUNK - 1, #arguments)
        if key then
            local result = redis.call(command, key, unpack(arguments, first, last))
            count = count + result
        else
            redis.call(command, unpack(arguments, first, last))
        end
    end
    return count
end

local function remove(list)
    local keys = {}
    for i, id in ipairs(list) do
        keys[i] = entry .. id
    end
    many('DEL', false, keys)
    many('ZREM', KEYS[2], list)
    many('ZREM', KEYS[3], list)
    many('ZREM', KEYS[4], list)
end

local function claim(lineage, epoch, base_epoch, base_version, replaces)
    local is_known = meta[2]
    local is_same_life = not is_known or meta[1] == lineage
    if is_known and is_same_life and meta[2] == epoch and meta[3] == '0' then
        return answer(true)
    end
    local is_base = base_epoch == '-1' and base_version == '0'
    if is_known then
        is_base = meta[2] == base_epoch and meta[3] == base_version
    end
    local is_late = is_known and is_same_life and tonumber(meta[2]) >= tonumber(epoch)
    if not is_base or is_late or not (is_same_life or replaces == '1') then
        return answer(false)
    end
    if is_known and is_same_life then
        redis.call('HSET', KEYS[1], 'epoch', epoch, 'version', '0')
    else
        redis.call('HSET', KEYS[1], 'lineage', lineage, 'epoch', epoch, 'version', '0',
            'watermark', '0', 'offset', '-1')
    end
    return changed()
end

local function read()
    local values = {}
    for first = 2, #KEYS, CHUNK do
        local last = math.min(first + CHUNK - 1, #KEYS)
        for _, value in ipairs(redis.call('MGET', unpack(KEYS, first, last))) do
            values[#values + 1] = value
        end
    end
    return answer(true, values)
end

local function write(epoch, from, watermark, offset)
    if meta[2] ~= epoch or meta[3] ~= from then
        return answer(false)
    end
    local values, dues, ids, gone, living = {}, {}, {}, {}, {}
    for i = 5, #KEYS do
        local id = string.sub(KEYS[i], -32)
        local at = 6 + 3 * (i - 5)
        values[#values + 1] = KEYS[i]
        values[#values + 1] = ARGV[at + 2]
        dues[#dues + 1] = ARGV[at]
        dues[#dues + 1] = id
        ids[#ids + 1] = '0'
        ids[#ids + 1] = id
        if ARGV[at + 1] ~= '' then
            gone[#gone + 1] = ARGV[at + 1]
            gone[#gone + 1] = id
        else
            living[#living + 1] = id
        end
    end
    many('MSET', false, values)
    if many('ZADD', KEYS[2], dues) > 0 then
        many('ZADD', KEYS[3], ids)
    end
    if redis.call('EXISTS', KEYS[4]) == 1 then
        many('ZREM', KEYS[4], living)
    end
    many('ZADD', KEYS[4], gone)
    redis.call('HSET', KEYS[1], 'watermark', watermark, 'offset', offset)
    redis.call('HINCRBY', KEYS[1], 'version', 1)
    remove(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', watermark, 'LIMIT', 0, DROPPED))
    return changed()
end

-- How many stand at or before (due, id): by halves among those that share the due moment.
local function rank(due, id)
    local low = redis.call('ZCOUNT', KEYS[2], '-inf', '(' .. due)
    local high = low + redis.call('ZCOUNT', KEYS[2], due, due)
    while low < high do
        local middle = math.floor((low + high) / 2)
        if redis.call('ZRANGE', KEYS[2], middle, middle)[1] <= id then
            low = middle + 1
        else
            high = middle
        end
    end
    return low
end

local function dues(due, id, limit)
    local first = rank(due, id)
    return answer(true,
        redis.call('ZRANGE', KEYS[2], first, first + tonumber(limit), 'WITHSCORES'))
end

local function moving()
    return redis.error_reply('TRYAGAIN an entry is on its way to another node')
end

local function scan(after, limit, strict)
    local list = redis.call('ZRANGEBYLEX', KEYS[2], '(' .. after, '+', 'LIMIT', 0,
        tonumber(limit) + 1)
    local rows = {}
    for _, id in ipairs(list) do
        local head = redis.call('GETRANGE', entry .. id, 0, 16)
        if head == '' and strict == '1' then
            return moving()
        end
        rows[#rows + 1] = id
        rows[#rows + 1] = head
    end
    return answer(true, rows)
end

local function clear(epoch, from, limit, strict)
    if meta[2] ~= epoch or meta[3] ~= from then
        return answer(false)
    end
    local list = redis.call('ZRANGE', KEYS[3], 0, tonumber(limit) - 1)
    for _, id in ipairs(strict == '1' and list or {}) do
        if redis.call('EXISTS', entry .. id) == 0 then
            return moving()
        end
    end
    redis.call('HSET', KEYS[1], 'watermark', '0', 'offset', '-1')
    redis.call('HINCRBY', KEYS[1], 'version', 1)
    remove(list)
    return changed(redis.call('EXISTS', KEYS[3]))
end

if call == 'meta' then
    return answer(true)
elseif call == 'claim' then
    return claim(ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6])
elseif call == 'read' then
    return read()
elseif call == 'write' then
    return write(ARGV[2], ARGV[3], ARGV[4], ARGV[5])
elseif call == 'dues' then
    return dues(ARGV[2], ARGV[3], ARGV[4])
elseif call == 'scan' then
    return scan(ARGV[2], ARGV[3], ARGV[4])
elseif call == 'clear' then
    return clear(ARGV[2], ARGV[3], ARGV[4], ARGV[5])
end
return redis.error_reply('ERR unknown call')
