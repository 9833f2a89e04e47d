# SPDX-License-Identifier: EUPL-1.2
"""The machine code of `quick` in LLVM's intermediate form; it reads only between the bounds it is given.

`scan` goes over each record once and notes, for each column, where its value begins and ends; `gather` puts
such pieces behind one another. Both may read up to 16 bytes behind the last: callers have these.
"""

from __future__ import annotations

ODD, DECIDES, PROCESSES = 1, 2, 4
"""What `scan` finds of a record: something it leaves to others; a key with `adl.`, a key with `dpl.`."""

ABSENT, EMPTY = -1, -2
"""Where a value begins that is not there, or that is there without a value."""

KEY_ROOM = 64
NUMBERS, KINDS = 32, 8
PLACES = 256

CODE = """
define internal i64 @number(ptr %raw, i64 %at, i64 %end, ptr %value) alwaysinline {
entry:
  br label %loop
loop:
  %place = phi i64 [ %at, %entry ], [ %behind, %more ]
  %shift = phi i64 [ 0, %entry ], [ %further, %more ]
  %sum = phi i64 [ 0, %entry ], [ %added, %more ]
  %inside = icmp slt i64 %place, %end
  br i1 %inside, label %read, label %bad
read:
  %source = getelementptr i8, ptr %raw, i64 %place
  %octet = load i8, ptr %source
  %wide = zext i8 %octet to i64
  %low = and i64 %wide, 127
  %part = shl i64 %low, %shift
  %added = or i64 %sum, %part
  %behind = add i64 %place, 1
  %last = icmp ult i64 %wide, 128
  br i1 %last, label %good, label %more
more:
  %further = add i64 %shift, 7
  %fits = icmp ult i64 %further, 70
  br i1 %fits, label %loop, label %bad
good:
  store i64 %added, ptr %value
  ret i64 %behind
bad:
  ret i64 -1
}

define internal i64 @octet(ptr %raw, i64 %at) alwaysinline {
  %source = getelementptr i8, ptr %raw, i64 %at
  %octet = load i8, ptr %source
  %wide = zext i8 %octet to i64
  ret i64 %wide
}

define internal i64 @word(ptr %raw, i64 %at) alwaysinline {
  %source = getelementptr i8, ptr %raw, i64 %at
  %word = load i64, ptr %source, align 1
  ret i64 %word
}

define internal i64 @bytes(i64 %word, i64 %many) alwaysinline {
  %whole = icmp sge i64 %many, 8
  %some = select i1 %whole, i64 0, i64 %many
  %bits = shl i64 %some, 3
  %one = shl i64 1, %bits
  %mask = sub i64 %one, 1
  %kept = and i64 %word, %mask
  %found = select i1 %whole, i64 %word, i64 %kept
  ret i64 %found
}

define internal i64 @key(ptr %raw, i64 %at, i64 %length, ptr %table, ptr %marks, ptr %keys, ptr %lengths,
                         i64 %mixed, i64 %spread) alwaysinline {
entry:
  %long = icmp sge i64 %length, 8
  %from_end = sub i64 %length, 8
  %behind = select i1 %long, i64 %from_end, i64 0
  %last_at = add i64 %at, %behind
  %last = call i64 @word(ptr %raw, i64 %last_at)
  %tail = call i64 @bytes(i64 %last, i64 %length)
  %weight = mul i64 %length, %mixed
  %mark = add i64 %tail, %weight
  %thrown = mul i64 %mark, %spread
  %place = lshr i64 %thrown, 56
  %slot_at = getelementptr i64, ptr %table, i64 %place
  %which = load i64, ptr %slot_at
  %named = icmp sge i64 %which, 0
  br i1 %named, label %marked, label %none
marked:
  %mark_at = getelementptr i64, ptr %marks, i64 %which
  %its_mark = load i64, ptr %mark_at
  %alike = icmp eq i64 %mark, %its_mark
  %length_at = getelementptr i64, ptr %lengths, i64 %which
  %its_length = load i64, ptr %length_at
  %as_long = icmp eq i64 %length, %its_length
  %maybe = and i1 %alike, %as_long
  br i1 %maybe, label %compare, label %none
compare:
  %begin = mul i64 %which, 64
  br label %loop
loop:
  %j = phi i64 [ 0, %compare ], [ %j8, %equal ]
  %rest = sub i64 %length, %j
  %going = icmp sgt i64 %rest, 0
  br i1 %going, label %words, label %found
words:
  %mine_at = add i64 %at, %j
  %mine = call i64 @word(ptr %raw, i64 %mine_at)
  %mine_kept = call i64 @bytes(i64 %mine, i64 %rest)
  %its_at = add i64 %begin, %j
  %its = call i64 @word(ptr %keys, i64 %its_at)
  %same = icmp eq i64 %mine_kept, %its
  br i1 %same, label %equal, label %none
equal:
  %j8 = add i64 %j, 8
  br label %loop
found:
  ret i64 %which
none:
  ret i64 -1
}

define i64 @scan(ptr %raw, ptr %starts, ptr %ends, i64 %many, ptr %slot_of, i64 %pairs, i64 %misfits,
                 ptr %table, ptr %marks, ptr %keys, ptr %lengths, ptr %key_slots, i64 %mixed, i64 %spread,
                 ptr %begins, ptr %stops, ptr %found) {
entry:
  %value = alloca i64
  br label %messages
messages:
  %i = phi i64 [ 0, %entry ], [ %i1, %next ]
  %odd_ones = phi i64 [ 0, %entry ], [ %odd_now, %next ]
  %going = icmp slt i64 %i, %many
  br i1 %going, label %message, label %done
message:
  %start_at = getelementptr i64, ptr %starts, i64 %i
  %start = load i64, ptr %start_at
  %end_at = getelementptr i64, ptr %ends, i64 %i
  %end = load i64, ptr %end_at
  br label %fields
fields:
  %at = phi i64 [ %start, %message ], [ %after, %field_done ]
  %flags = phi i64 [ 0, %message ], [ %flags_now, %field_done ]
  %inside = icmp slt i64 %at, %end
  br i1 %inside, label %field, label %sound
field:
  %p = call i64 @number(ptr %raw, i64 %at, i64 %end, ptr %value)
  %has_tag = icmp sge i64 %p, 0
  br i1 %has_tag, label %tagged, label %odd
tagged:
  %tag = load i64, ptr %value
  %kind = and i64 %tag, 7
  %no = lshr i64 %tag, 3
  %named = icmp ne i64 %no, 0
  br i1 %named, label %by_kind, label %odd
by_kind:
  switch i64 %kind, label %odd [
    i64 0, label %varied
    i64 1, label %eight
    i64 2, label %sized
    i64 5, label %four
  ]
varied:
  %pv = call i64 @number(ptr %raw, i64 %p, i64 %end, ptr %value)
  %fits_v = icmp sge i64 %pv, 0
  br i1 %fits_v, label %good, label %odd
eight:
  %p8 = add i64 %p, 8
  br label %bounded
four:
  %p4 = add i64 %p, 4
  br label %bounded
bounded:
  %pb = phi i64 [ %p8, %eight ], [ %p4, %four ]
  %fits_b = icmp sle i64 %pb, %end
  br i1 %fits_b, label %good, label %odd
sized:
  %pl = call i64 @number(ptr %raw, i64 %p, i64 %end, ptr %value)
  %fits_l = icmp sge i64 %pl, 0
  br i1 %fits_l, label %length, label %odd
length:
  %size = load i64, ptr %value
  %room = sub i64 %end, %pl
  %pe = add i64 %pl, %size
  %fits_s = icmp ule i64 %size, %room
  br i1 %fits_s, label %whole, label %odd
whole:
  %is_pair = icmp eq i64 %no, %pairs
  br i1 %is_pair, label %pair, label %good
good:
  %begin = phi i64 [ %p, %varied ], [ %p, %bounded ], [ %pl, %whole ]
  %good_end = phi i64 [ %pv, %varied ], [ %pb, %bounded ], [ %pe, %whole ]
  %misfit = icmp eq i64 %no, %misfits
  br i1 %misfit, label %odd, label %fitting
fitting:
  %small = icmp ult i64 %no, 32
  br i1 %small, label %sought, label %plain
sought:
  %row8 = mul i64 %no, 8
  %cell = add i64 %row8, %kind
  %cell_at = getelementptr i64, ptr %slot_of, i64 %cell
  %direct = load i64, ptr %cell_at
  %wanted = icmp sge i64 %direct, 0
  br i1 %wanted, label %put, label %plain
plain:
  br label %field_done
pair:
  %tag_key = call i64 @octet(ptr %raw, i64 %pl)
  %is_key = icmp eq i64 %tag_key, 10
  %size_at = add i64 %pl, 1
  %klen = call i64 @octet(ptr %raw, i64 %size_at)
  %short = icmp ult i64 %klen, 128
  %ks = add i64 %pl, 2
  %ke = add i64 %ks, %klen
  %before = icmp slt i64 %ke, %pe
  %key_ok = and i1 %is_key, %short
  %pair_ok = and i1 %key_ok, %before
  br i1 %pair_ok, label %valued, label %odd
valued:
  %tag_value = call i64 @octet(ptr %raw, i64 %ke)
  %is_value = icmp eq i64 %tag_value, 18
  br i1 %is_value, label %value_size, label %odd
value_size:
  %ke1 = add i64 %ke, 1
  %vs = call i64 @number(ptr %raw, i64 %ke1, i64 %pe, ptr %value)
  %has_size = icmp sge i64 %vs, 0
  br i1 %has_size, label %value_end, label %odd
value_end:
  %vlen = load i64, ptr %value
  %left = sub i64 %pe, %vs
  %exact = icmp eq i64 %vlen, %left
  br i1 %exact, label %prefixed, label %odd
prefixed:
  %head = call i64 @word(ptr %raw, i64 %ks)
  %head4 = and i64 %head, 4294967295
  %longer = icmp ugt i64 %klen, 4
  %is_adl = icmp eq i64 %head4, 778855521
  %is_dpl = icmp eq i64 %head4, 778858596
  %adl = and i1 %is_adl, %longer
  %dpl = and i1 %is_dpl, %longer
  %with_adl = or i64 %flags, 2
  %flags_a = select i1 %adl, i64 %with_adl, i64 %flags
  %with_dpl = or i64 %flags_a, 4
  %flags_p = select i1 %dpl, i64 %with_dpl, i64 %flags_a
  %which = call i64 @key(ptr %raw, i64 %ks, i64 %klen, ptr %table, ptr %marks, ptr %keys, ptr %lengths,
                         i64 %mixed, i64 %spread)
  %known = icmp sge i64 %which, 0
  br i1 %known, label %of_key, label %unknown
unknown:
  br label %field_done
of_key:
  %slot_at = getelementptr i64, ptr %key_slots, i64 %which
  %of_column = load i64, ptr %slot_at
  %nothing = icmp eq i64 %vlen, 0
  br i1 %nothing, label %put, label %filled
filled:
  %tag_text = call i64 @octet(ptr %raw, i64 %vs)
  %is_text = icmp eq i64 %tag_text, 10
  br i1 %is_text, label %text, label %odd
text:
  %vs1 = add i64 %vs, 1
  %ts = call i64 @number(ptr %raw, i64 %vs1, i64 %pe, ptr %value)
  %has_text = icmp sge i64 %ts, 0
  br i1 %has_text, label %text_end, label %odd
text_end:
  %tlen = load i64, ptr %value
  %tleft = sub i64 %pe, %ts
  %text_ok = icmp eq i64 %tlen, %tleft
  br i1 %text_ok, label %put, label %odd
put:
  %column = phi i64 [ %direct, %sought ], [ %of_column, %of_key ], [ %of_column, %text_end ]
  %from = phi i64 [ %begin, %sought ], [ -2, %of_key ], [ %ts, %text_end ]
  %until = phi i64 [ %good_end, %sought ], [ -2, %of_key ], [ %pe, %text_end ]
  %flags_put = phi i64 [ %flags, %sought ], [ %flags_p, %of_key ], [ %flags_p, %text_end ]
  %put_end = phi i64 [ %good_end, %sought ], [ %pe, %of_key ], [ %pe, %text_end ]
  %row = mul i64 %column, %many
  %index = add i64 %row, %i
  %begin_at = getelementptr i64, ptr %begins, i64 %index
  %stop_at = getelementptr i64, ptr %stops, i64 %index
  %there = load i64, ptr %begin_at
  %free = icmp eq i64 %there, -1
  br i1 %free, label %stored, label %odd
stored:
  store i64 %from, ptr %begin_at
  store i64 %until, ptr %stop_at
  br label %field_done
field_done:
  %after = phi i64 [ %good_end, %plain ], [ %pe, %unknown ], [ %put_end, %stored ]
  %flags_now = phi i64 [ %flags, %plain ], [ %flags_p, %unknown ], [ %flags_put, %stored ]
  br label %fields
sound:
  br label %next
odd:
  br label %next
next:
  %what = phi i64 [ %flags, %sound ], [ 1, %odd ]
  %one_more = phi i64 [ 0, %sound ], [ 1, %odd ]
  %odd_now = add i64 %odd_ones, %one_more
  %short_what = trunc i64 %what to i8
  %found_at = getelementptr i8, ptr %found, i64 %i
  store i8 %short_what, ptr %found_at
  %i1 = add i64 %i, 1
  br label %messages
done:
  ret i64 %odd_ones
}

define void @gather(ptr %raw, ptr %begins, ptr %stops, i64 %many, ptr %out, ptr %offsets) {
entry:
  br label %slices
slices:
  %i = phi i64 [ 0, %entry ], [ %i1, %copied ]
  %place = phi i64 [ 0, %entry ], [ %place_now, %copied ]
  %offset = trunc i64 %place to i32
  %offset_at = getelementptr i32, ptr %offsets, i64 %i
  store i32 %offset, ptr %offset_at
  %going = icmp slt i64 %i, %many
  br i1 %going, label %slice, label %done
slice:
  %begin_at = getelementptr i64, ptr %begins, i64 %i
  %begin = load i64, ptr %begin_at
  %stop_at = getelementptr i64, ptr %stops, i64 %i
  %stop = load i64, ptr %stop_at
  %size = sub i64 %stop, %begin
  %there = icmp sge i64 %begin, 0
  %length = select i1 %there, i64 %size, i64 0
  %place_now = add i64 %place, %length
  br label %words
words:
  %j = phi i64 [ 0, %slice ], [ %j8, %word ]
  %more = icmp slt i64 %j, %length
  br i1 %more, label %word, label %copied
word:
  %from = add i64 %begin, %j
  %source = getelementptr i8, ptr %raw, i64 %from
  %eight = load i64, ptr %source, align 1
  %to = add i64 %place, %j
  %target = getelementptr i8, ptr %out, i64 %to
  store i64 %eight, ptr %target, align 1
  %j8 = add i64 %j, 8
  br label %words
copied:
  %i1 = add i64 %i, 1
  br label %slices
done:
  ret void
}
"""
