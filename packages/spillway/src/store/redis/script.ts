// Made from lua/*.lua by scripts/redis-script.ts. Do not edit.

/** A Lua script, and the SHA-1 by which a server that has run it knows it. */
export interface Script {
  readonly sha: string
  readonly source: string
}

/** Decides calls: spec/redis.md says what it takes and answers. */
export const chargeScript: Script = {
  sha: '39ee63b4280e2d29f64aa5d5af4f4945b69c66ab',
  source: `local unpackList,ceil,call=unpack,math.ceil,redis.call local now,longer=tonumber(ARGV[1]),600000 if not now then
local time=call('TIME') now,longer=time[1] * 1000000 + time[2],0 end local work=cjson.decode(ARGV[2])
local function chargeAlone(work,now,longer)
local call,ceil,max,min,format=redis.call,math.ceil,math.max,math.min,string.format
local cost,kind,tag,size,a,b,c=unpack(work) local pack,unpack=struct.pack,struct.unpack
local record,r,answers,times,bytes,untilWhen=redis.pcall('GET',KEYS[1]),0,{},1 if kind == 2 then
local burst,units,time=size,a,b local more,full=cost * time,burst * time local first,second=0,0 if record then
local version,at,blocked,found if record == true or #record ~= 33 then return false end
version,at,blocked,found,first,second=unpack('>BI7I7I4I7I7',record)
if version ~= 1 or at > now or blocked > now or found ~= tag then return false end end local fullAt,part=first,second
local debt,taken=max(0,(fullAt - now) * units + min(part,units)),false for _=1,times do local fits=debt + more <= full
if fits then debt,taken=debt + more,true end local remaining=max(0,burst - ceil(debt / time))
local resetAfter=debt == 0 and 0 or max(0,ceil((debt - (burst - remaining - 1) * time) / units)) r=r + 1 if fits then
answers[r]=format('1,%d,%d',remaining,resetAfter) else
answers[r]=format('0,0,%d,%d,%d',cost > burst and -1 or ceil((debt - full + more) / units),remaining,resetAfter) end end
if taken then part=debt % units fullAt=now + (debt - part) / units end
bytes=pack('>BI7I7I4I7I7',1,now,0,tag,fullAt,part) untilWhen=part > 0 and fullAt + 1 or fullAt elseif kind == 1 then
local limit,newEnd=size,now + a - (b == 1 and now % a or 0) local first,second=0,0 if record then
local version,at,blocked,found if record == true or #record ~= 33 then return false end
version,at,blocked,found,first,second=unpack('>BI7I7I4I7I7',record)
if version ~= 1 or at > now or blocked > now or found ~= tag then return false end end local endsAt,count=first,second
for _=1,times do local used=now < endsAt and count or 0 local fits=used + cost <= limit if fits then
if now >= endsAt then endsAt=newEnd end used=used + cost count=used end local untilEnd=used > 0 and endsAt - now or 0
r=r + 1 if fits then answers[r]=format('1,%d,%d',limit - used,untilEnd) else
answers[r]=format('0,0,%d,%d,%d',cost > limit and -1 or untilEnd,max(0,limit - used),untilEnd) end end
bytes,untilWhen=pack('>BI7I7I4I7I7',1,now,0,tag,endsAt,count),endsAt else local limit,window,resolution=size,a,c
local sum,length,width,entry,oldest,oldestUnits,newest,newestUnits,older=0 if record then
local version,at,blocked,found,_,from if record == true or #record <= 36 then return false end
version,at,blocked,found,_,sum,width,length,from=unpack('>BI7I7I4I7I7BI2',record) local last=#record - 6 - width
if version ~= 1 or at > now or blocked > now or found ~= tag or width < 1 or width > 7 then return false end
if last ~= from + (length - 1) * (7 + width) then return false end entry=width == 1 and '>I7I1' or '>I7I' .. width
newest,newestUnits=unpack(entry,record,last) if newest + window <= now then sum=0 else local pos
oldest,oldestUnits,pos=unpack(entry,record,from) while oldest + window <= now do
sum,length,from=sum - oldestUnits,length - 1,pos oldest,oldestUnits,pos=unpack(entry,record,from) end
older=string.sub(record,from,last - 1) end end for _=1,times do local excess=sum + cost - limit r=r + 1
if excess > 0 then if sum == 0 or sum > limit or (cost <= limit and excess > oldestUnits) then return false end
local untilOldest=oldest + window - now
answers[r]=format('0,0,%d,%d,%d',cost > limit and -1 or untilOldest,limit - sum,untilOldest) else if sum == 0 then
length,width,entry,oldest,newest,newestUnits,older=1,1,'>I7I1',now,now,cost,'' elseif newest >= now then
newestUnits=newestUnits + cost else if length >= 2 * resolution then return false end
older=older .. pack(entry,newest,newestUnits) length,newest,newestUnits=length + 1,now,cost end
if length == 1 then oldestUnits=newestUnits end if newestUnits >= 256 ^ width then return false end sum=sum + cost
answers[r]=format('1,%d,%d',limit - sum,oldest + window - now) end end untilWhen=newest + window
bytes=pack('>BI7I7I4I7I7BI2',1,now,0,tag,untilWhen,sum,width,length) .. older .. pack(entry,newest,newestUnits) end
if untilWhen <= now then return false end
call('PSETEX',KEYS[1],format('%d',ceil((untilWhen - now) / 1000) + longer),bytes)
return format('[%d,%s]',now,answers[1]) end if type(work[1]) == 'number' then local answer=chargeAlone(work,now,longer)
if answer then return answer end work={ { { unpackList(work,2) } },{ 0,1,1,work[1],0,1 } } end local raw={}
for k=1,#KEYS,1000 do local found=call('MGET',unpackList(KEYS,k,math.min(k + 1000 - 1,#KEYS)))
for i=1,#found do raw[k + i - 1]=found[i] end end for k=1,#KEYS do
if not raw[k] and call('EXISTS',KEYS[k]) > 0 then raw[k]=true end end local function write(key,bytes,span)
call('PSETEX',key,string.format('%d',ceil(span / 1000) + longer),bytes) end
local function chargeBuckets(batch,key,last,times,rule,cost)
local ceil,max,min,format,pack,unpack=math.ceil,math.max,math.min,string.format,struct.pack,struct.unpack
local raw,records,ends,answers,now=batch.raw,batch.records,batch.ends,batch.answers,batch.now
local _,tag,burst,units,time=unpackList(rule) local r,more,full=#answers,cost * time,burst * time for k=key,last do
local record,bytes,untilWhen=records[k] or raw[k] local first,second=0,0 if record then local version,at,blocked,found
if record == true or #record ~= 33 then return false end
version,at,blocked,found,first,second=unpack('>BI7I7I4I7I7',record)
if version ~= 1 or at > now or blocked > now or found ~= tag then return false end end local fullAt,part=first,second
local debt,taken=max(0,(fullAt - now) * units + min(part,units)),false for _=1,times do local fits=debt + more <= full
if fits then debt,taken=debt + more,true end local remaining=max(0,burst - ceil(debt / time))
local resetAfter=debt == 0 and 0 or max(0,ceil((debt - (burst - remaining - 1) * time) / units)) r=r + 1 if fits then
answers[r]=format('1,%d,%d',remaining,resetAfter) else
answers[r]=format('0,0,%d,%d,%d',cost > burst and -1 or ceil((debt - full + more) / units),remaining,resetAfter) end end
if taken then part=debt % units fullAt=now + (debt - part) / units end
bytes=pack('>BI7I7I4I7I7',1,now,0,tag,fullAt,part) untilWhen=part > 0 and fullAt + 1 or fullAt
records[k],ends[k]=bytes,untilWhen end return true end local function chargeWindows(batch,key,last,times,rule,cost)
local max,format,pack,unpack=math.max,string.format,struct.pack,struct.unpack
local raw,records,ends,answers,now=batch.raw,batch.records,batch.ends,batch.answers,batch.now
local _,tag,limit,window,byClock=unpackList(rule)
local r,newEnd=#answers,now + window - (byClock == 1 and now % window or 0) for k=key,last do
local record,bytes,untilWhen=records[k] or raw[k] local first,second=0,0 if record then local version,at,blocked,found
if record == true or #record ~= 33 then return false end
version,at,blocked,found,first,second=unpack('>BI7I7I4I7I7',record)
if version ~= 1 or at > now or blocked > now or found ~= tag then return false end end local endsAt,count=first,second
for _=1,times do local used=now < endsAt and count or 0 local fits=used + cost <= limit if fits then
if now >= endsAt then endsAt=newEnd end used=used + cost count=used end local untilEnd=used > 0 and endsAt - now or 0
r=r + 1 if fits then answers[r]=format('1,%d,%d',limit - used,untilEnd) else
answers[r]=format('0,0,%d,%d,%d',cost > limit and -1 or untilEnd,max(0,limit - used),untilEnd) end end
bytes,untilWhen=pack('>BI7I7I4I7I7',1,now,0,tag,endsAt,count),endsAt records[k],ends[k]=bytes,untilWhen end return true
end local function chargeLogs(batch,key,last,times,rule,cost)
local format,pack,unpack=string.format,struct.pack,struct.unpack
local raw,records,ends,answers,now=batch.raw,batch.records,batch.ends,batch.answers,batch.now
local _,tag,limit,window,_,resolution=unpackList(rule) local r=#answers for k=key,last do
local record,bytes,untilWhen=records[k] or raw[k]
local sum,length,width,entry,oldest,oldestUnits,newest,newestUnits,older=0 if record then
local version,at,blocked,found,_,from if record == true or #record <= 36 then return false end
version,at,blocked,found,_,sum,width,length,from=unpack('>BI7I7I4I7I7BI2',record) local last=#record - 6 - width
if version ~= 1 or at > now or blocked > now or found ~= tag or width < 1 or width > 7 then return false end
if last ~= from + (length - 1) * (7 + width) then return false end entry=width == 1 and '>I7I1' or '>I7I' .. width
newest,newestUnits=unpack(entry,record,last) if newest + window <= now then sum=0 else local pos
oldest,oldestUnits,pos=unpack(entry,record,from) while oldest + window <= now do
sum,length,from=sum - oldestUnits,length - 1,pos oldest,oldestUnits,pos=unpack(entry,record,from) end
older=string.sub(record,from,last - 1) end end for _=1,times do local excess=sum + cost - limit r=r + 1
if excess > 0 then if sum == 0 or sum > limit or (cost <= limit and excess > oldestUnits) then return false end
local untilOldest=oldest + window - now
answers[r]=format('0,0,%d,%d,%d',cost > limit and -1 or untilOldest,limit - sum,untilOldest) else if sum == 0 then
length,width,entry,oldest,newest,newestUnits,older=1,1,'>I7I1',now,now,cost,'' elseif newest >= now then
newestUnits=newestUnits + cost else if length >= 2 * resolution then return false end
older=older .. pack(entry,newest,newestUnits) length,newest,newestUnits=length + 1,now,cost end
if length == 1 then oldestUnits=newestUnits end if newestUnits >= 256 ^ width then return false end sum=sum + cost
answers[r]=format('1,%d,%d',limit - sum,oldest + window - now) end end untilWhen=newest + window
bytes=pack('>BI7I7I4I7I7BI2',1,now,0,tag,untilWhen,sum,width,length) .. older .. pack(entry,newest,newestUnits)
records[k],ends[k]=bytes,untilWhen end return true end local function chargeRuns(batch,rules,runs) for c=1,#runs,6 do
local _,key,place,cost,step,count=unpackList(runs,c,c + 5) local rule,last,times=rules[place],key + count - 1,1
if step == 0 then last,times=key,count end
local charge=rule[1] == 2 and chargeBuckets or rule[1] == 1 and chargeWindows or chargeLogs
if not charge(batch,key,last,times,rule,cost) then return false end end for k=1,#batch.ends do
if batch.ends[k] <= batch.now then return false end end return true end if #work == 2 then
local batch={ raw=raw,records={},ends={},answers={},now=now } if chargeRuns(batch,work[1],work[2]) then
for k=1,#KEYS do write(KEYS[k],batch.records[k],batch.ends[k] - now) end
return string.format('[%d,%s]',now,table.concat(batch.answers,',')) end end local zones,rules,calls=unpackList(work)
if #work == 2 then zones,rules,calls={},{},work[2] for i,rule in ipairs(work[1]) do
local kind,tag,size,a,b,c=unpackList(rule) local counter={ kind=kind,tag=tag } if kind == 2 then
counter.units,counter.time,counter.burst=a,b,c else counter.window,counter.slot,counter.resolution=a,b,c
counter.align=b == 1 and 'clock' or 'first' end zones[i],rules[i]={ counter },{ i,1,size } end end
local unpack,pack,sub,floor,max,min=struct.unpack,struct.pack,string.sub,math.floor,math.max,math.min
local ENTRY={ '>I7I1','>I7I2','>I7I3','>I7I4','>I7I5','>I7I6','>I7I7' } local NEVER=math.huge
local NO_COUNTERS={ n=0,placeOf={} } local zoneOf,base,blockedUntil,others,othersEmptyAt={},{},{},{},{}
local first,second={},{} local size,total,text,head,tail,added,width={},{},{},{},{},{},{} local places=0
local LARGEST={ 256,256 ^ 2,256 ^ 3,256 ^ 4,256 ^ 5,256 ^ 6,256 ^ 7 } local function bytesFor(units) local bytes=1
while units >= LARGEST[bytes] do bytes=bytes + 1 end return bytes end local function gather(s)
if added[s] == '' then return end text[s]=sub(text[s],head[s],tail[s]) .. added[s]
head[s],tail[s],added[s]=1,#text[s],'' end local function untilGone(units,s,window) if units <= 0 then return 0 end
local log,pos,last,entry,gone=text[s],head[s],tail[s],ENTRY[width[s]],0 while pos < last do local at,more
at,more,pos=unpack(entry,log,pos) gone=gone + more if gone >= units then return at + window - now end end
if not first[s] then return 0 end if added[s] ~= '' then gather(s) return untilGone(units,s,window) end
return gone + second[s] >= units and first[s] + window - now or 0 end local function entriesOf(s) gather(s)
local ats,units,log,pos,entry={},{},text[s],head[s],ENTRY[width[s]] while pos < tail[s] do
ats[#ats + 1],units[#units + 1],pos=unpack(entry,log,pos) end ats[#ats + 1],units[#units + 1]=first[s],second[s]
return ats,units end local function setEntries(s,ats,units) local sum,largest,older=0,0,{}
for i=1,#ats do sum,largest=sum + units[i],max(largest,units[i]) end width[s]=bytesFor(largest)
for i=1,#ats - 1 do older[i]=pack(ENTRY[width[s]],ats[i],units[i]) end
text[s],head[s],size[s],total[s]=table.concat(older),1,#ats,sum tail[s],added[s]=#text[s],''
first[s],second[s]=ats[#ats] or false,units[#ats] end local function merge(s,slot) local ats,units=entriesOf(s)
local toAts,toUnits,n={},{},0 for i=1,#ats do if n > 0 and floor(toAts[n] / slot) == floor(ats[i] / slot) then
toAts[n],toUnits[n]=ats[i],toUnits[n] + units[i] else n=n + 1 toAts[n],toUnits[n]=ats[i],units[i] end end
setEntries(s,toAts,toUnits) end local function makeRoom(s)
if second[s] >= LARGEST[width[s]] then setEntries(s,entriesOf(s)) end end
local function readLog(s,window,bytes,units,bytesOfUnits,entries,from,stop)
local entry,newest=ENTRY[bytesOfUnits],stop - 7 - bytesOfUnits local at,more=unpack(entry,bytes,newest)
if at + window <= now then return end first[s],second[s]=at,more while from < newest do local pos
at,more,pos=unpack(entry,bytes,from) if at + window > now then break end from,units,entries=pos,units - more,entries - 1
end text[s],head[s],tail[s],added[s]=bytes,from,newest - 1,'' width[s],size[s],total[s]=bytesOfUnits,entries,units end
local function fitsLog(s,_,limit,cost) return (first[s] and total[s] or 0) + cost <= limit end
local function weighLog(s,counter,limit,cost) local used=first[s] and total[s] or 0 local excess=used + cost - limit
return cost > limit and NEVER or excess > 0 and untilGone(excess,s,counter.window) or 0,
used < limit and limit - used or 0, used > 0 and untilGone(used > limit and used - limit + 1 or 1,s,counter.window) or 0
end local function takeLog(s,counter,cost,countedAt) if not first[s] then
text[s],head[s],tail[s],added[s],width[s],size[s],total[s]='',1,0,'',1,1,cost first[s],second[s]=countedAt,cost return
end if first[s] >= countedAt then second[s],total[s]=second[s] + cost,total[s] + cost return end
if size[s] >= 2 * counter.resolution then merge(s,counter.slot) end makeRoom(s)
added[s]=added[s] .. pack(ENTRY[width[s]],first[s],second[s])
first[s],second[s],size[s],total[s]=countedAt,cost,size[s] + 1,total[s] + cost end
local function giveBackLog(s,counter,cost,undoAt,countedAt) local ats,units=entriesOf(s) if undoAt then
local slot,i=counter.slot,1 while ats[i] and ats[i] < countedAt do i=i + 1 end
local itsOwn=ats[i] and (ats[i] == countedAt or floor(ats[i] / slot) == floor(countedAt / slot))
if not itsOwn or countedAt + counter.window <= now then return end units[i]=units[i] - min(cost,units[i])
if units[i] == 0 then table.remove(ats,i) table.remove(units,i) end else for i=#ats,1,-1 do
local back=min(cost,units[i]) cost,units[i]=cost - back,units[i] - back if units[i] > 0 then break end
ats[i],units[i]=nil,nil end end setEntries(s,ats,units) end local function fitsWindow(s,_,limit,cost)
return (first[s] and now < first[s] and second[s] or 0) + cost <= limit end
local function weighWindow(s,counter,limit,cost) local used=first[s] and now < first[s] and second[s] or 0
local untilEnd=used > 0 and first[s] - now or 0
return cost > limit and NEVER or used + cost > limit and untilEnd or 0,max(0,limit - used),untilEnd end
local function spanAt(spans,moment) local i=2 while spans[i + 1] and spans[i] <= moment do i=i + 1 end
return spans[i - 1],spans[i] end local function windowEnd(counter)
if counter.align == 'first' then return now + counter.window end
if counter.align == 'clock' then return now - now % counter.window + counter.window end
local _,endsAt=spanAt(counter.spans,now) return endsAt end local function windowStart(counter,endsAt)
return counter.spans and spanAt(counter.spans,endsAt - 1) or endsAt - counter.window end
local function takeWindow(s,counter,cost) if first[s] and now < first[s] then second[s]=second[s] + cost else
first[s],second[s]=windowEnd(counter),cost end end local function giveBackWindow(s,counter,cost,undoAt)
local over=now >= first[s] or (undoAt and undoAt < windowStart(counter,first[s]))
if not over then second[s]=max(0,second[s] - cost) end end local function debtAt(s,counter,moment)
return first[s] and max(0,(first[s] - moment) * counter.units + min(second[s],counter.units)) or 0 end
local function afterDebt(s,counter,debt,moment) local kept=debt < 9007199254740991 and debt or 9007199254740991
local part=kept % counter.units first[s],second[s]=moment + (kept - part) / counter.units,part end
local function fitsBucket(s,counter,burst,cost)
return debtAt(s,counter,now) + cost * counter.time <= burst * counter.time end
local function weighBucket(s,counter,burst,cost) local units,time=counter.units,counter.time
local debt=debtAt(s,counter,now) local remaining=max(0,burst - ceil(debt / time))
return cost > burst and NEVER or max(0,ceil((debt - (burst - cost) * time) / units)), remaining,
debt == 0 and 0 or max(0,ceil((debt - (burst - remaining - 1) * time) / units)) end
local function takeBucket(s,counter,cost,countedAt)
afterDebt(s,counter,debtAt(s,counter,countedAt) + cost * counter.time,countedAt) end
local function giveBackBucket(s,counter,cost,undoAt,_,taken,remaining,resetAfter)
local units,time,credit=counter.units,counter.time,cost * counter.time if undoAt then
local after=remaining >= 0 and (resetAfter - 1) * units + 1 + (counter.burst - remaining - 1) * time or 0
local before=max(0,after - taken * time) credit=credit - max(0,(now - undoAt) * units - before) end
local debt=debtAt(s,counter,now)
afterDebt(s,counter,debt >= 8998403161718783 and debt or max(0,debt - max(0,credit)),now) end
local FITS={ fitsWindow,fitsBucket,fitsLog } local WEIGH={ weighWindow,weighBucket,weighLog }
local TAKE={ takeWindow,takeBucket,takeLog } local GIVE_BACK={ giveBackWindow,giveBackBucket,giveBackLog }
local function emptyAt(s,counter) if counter.kind == 3 then return first[s] + counter.window end
return counter.kind == 2 and second[s] > 0 and first[s] + 1 or first[s] end local function encode(k)
local zone,s,blocked=zoneOf[k],base[k],blockedUntil[k] > now and blockedUntil[k] or 0
local bytes,untilWhen=pack('>BI7I7',1,now,blocked),blocked
if othersEmptyAt[k] > 0 then bytes,untilWhen=bytes .. others[k],max(blocked,othersEmptyAt[k]) end for i=1,zone.n do
s=s + 1 local counter=zone[i] local ends=first[s] and emptyAt(s,counter) or 0 if ends > now then
if ends > untilWhen then untilWhen=ends end if counter.kind == 3 then makeRoom(s)
bytes=bytes .. pack('>I4I7I7BI2',counter.tag,ends,total[s],width[s],size[s])
.. sub(text[s],head[s],tail[s]) .. added[s] .. pack(ENTRY[width[s]],first[s],second[s]) else
bytes=bytes .. pack('>I4I7I7',counter.tag,first[s],second[s]) end end end
if untilWhen > now then return bytes,untilWhen end end local function counterIn(bytes,pos)
if #bytes - pos + 1 < 18 then return end local tag,a,b,begin=unpack('>I4I7I7',bytes,pos)
if tag < 3 * 1073741824 then return tag,a,b,0,0,begin,begin end if #bytes - begin + 1 < 3 then return end
local bytesOfUnits,entries,from=unpack('>BI2',bytes,begin) local stop=from + entries * (7 + bytesOfUnits)
if ENTRY[bytesOfUnits] and entries > 0 and stop - 1 <= #bytes then return tag,a,b,bytesOfUnits,entries,from,stop end end
local function moveBack(bytes,blocked,by) local parts,pos={ pack('>BI7I7',1,now,max(0,blocked - by)) },15 + 1
while pos <= #bytes do local tag,a,b,bytesOfUnits,entries,from,stop=counterIn(bytes,pos) if not tag then return end
parts[#parts + 1]=pack('>I4I7I7',tag,a - by,b)
if entries > 0 then parts[#parts + 1]=pack('>BI2',bytesOfUnits,entries) end while from < stop do local at,units
at,units,from=unpack(ENTRY[bytesOfUnits],bytes,from) parts[#parts + 1]=pack(ENTRY[bytesOfUnits],at - by,units) end
pos=stop end return table.concat(parts) end local function recordAt(k,zone) if zoneOf[k] == zone then return end
if zone.fault then return zone.fault end if zoneOf[k] then raw[k]=encode(k) or pack('>BI7I7',1,now,0) end
local bytes,s,pos=raw[k],places,15 + 1 local blocked,other,otherEmptyAt=0,'',0
for i=s + 1,s + zone.n do first[i]=false end if bytes then if bytes == true then return 'WRONGTYPE' end
if string.byte(bytes) ~= 1 then return 'VERSION' end if #bytes < 15 then return 'RECORD' end local _,at
_,at,blocked=unpack('>BI7I7',bytes) if at > now then bytes=moveBack(bytes,blocked,at - now) end
if not bytes then return 'RECORD' end if at > now then blocked=max(0,blocked - (at - now)) end end
while bytes and pos <= #bytes do local tag,a,b,bytesOfUnits,entries,from,stop=counterIn(bytes,pos)
if not tag then return 'RECORD' end local i=zone.placeOf[tag] if not i then
local ends=tag >= 3 * 1073741824 and a or tag >= 2 * 1073741824 and b > 0 and a + 1 or a
if ends > now then other,otherEmptyAt=other .. sub(bytes,pos,stop - 1),max(otherEmptyAt,ends) end
elseif entries == 0 then first[s + i],second[s + i]=a,b else
readLog(s + i,zone[i].window,bytes,b,bytesOfUnits,entries,from,stop) end pos=stop end
zoneOf[k],base[k],places=zone,s,s + zone.n blockedUntil[k],others[k],othersEmptyAt[k]=blocked,other,otherEmptyAt end
local reply,r={ now },1 local function blockLeft(key,elsewhere) local blocked=blockedUntil[key]
if elsewhere > 0 and blockedUntil[elsewhere] > blocked then blocked=blockedUntil[elsewhere] end
return blocked > now and blocked - now or 0 end local function fits(key,rule,cost,elsewhere)
local s,zone=base[key],zoneOf[key] if blockLeft(key,elsewhere) > 0 then return false end for q=2,#rule,2 do
local counter=zone[rule[q]] if not FITS[counter.kind](s + rule[q],counter,rule[q + 1],cost) then return false end end
return true end local function weigh(key,rule,cost,elsewhere)
local s,zone,left,longest=base[key],zoneOf[key],blockLeft(key,elsewhere),0 r=r + 1 reply[r]=left for q=2,#rule,2 do
local counter=zone[rule[q]] local wait,remaining,resetAfter=WEIGH[counter.kind](s + rule[q],counter,rule[q + 1],cost)
reply[r + 1],reply[r + 2],reply[r + 3]=wait == NEVER and -1 or wait,remaining,resetAfter
r,longest=r + 3,max(longest,wait) end return left == 0 and longest > 0 and longest < NEVER end
local function take(key,rule,cost,heldFor) local s,zone=base[key],zoneOf[key] if not rule[2] then return end
for i=1,zone.n do local counter=zone[i] TAKE[counter.kind](s + i,counter,cost,now + heldFor) end for q=2,#rule,2 do
local counter,_=zone[rule[q]] _,reply[r + 1],reply[r + 2]=WEIGH[counter.kind](s + rule[q],counter,rule[q + 1],0) r=r + 2
end end local function decideOne(key,rule,cost) local fault=recordAt(key,zones[rule[1]])
local fit=not fault and fits(key,rule,cost,0) r=r + 1 reply[r]=fault or fit and 1 or 0
if fit then take(key,rule,cost,0) elseif not fault then weigh(key,rule,cost,0) end end local function chargeAt(c)
local key,rule,elsewhere=calls[c],rules[calls[c + 1]],calls[c + 3]
local fault=recordAt(key,zones[rule[1]]) or elsewhere > 0 and recordAt(elsewhere,NO_COUNTERS)
return key,rule,calls[c + 2],elsewhere,fault end local function aheadOf(c,i) local ahead=0 for j=c,i - 1,7 do
if calls[j] == calls[i] and rules[calls[j + 1]][2] then ahead=ahead + calls[j + 2] end end return ahead end
local function faultIn(c,last) for i=c,last,7 do local _,_,_,_,fault=chargeAt(i) if fault then return fault end end end
local function decide(c,last,isPeek) local fault,allFit=faultIn(c,last),not isPeek r=r + 1 reply[r]=fault or 0
if fault then return end for i=c,last,7 do local key,rule,cost,elsewhere=chargeAt(i)
allFit=allFit and fits(key,rule,cost + aheadOf(c,i),elsewhere) end if allFit then reply[r]=1 for i=c,last,7 do
local key,rule,cost=chargeAt(i) take(key,rule,cost,calls[i + 6]) end return end local denied={} for i=c,last,7 do
local key,rule,cost,elsewhere=chargeAt(i) denied[i]=weigh(key,rule,cost + aheadOf(c,i),elsewhere) end for i=c,last,7 do
local key=calls[i + 4]
if denied[i] and key > 0 and not isPeek then blockedUntil[key]=max(blockedUntil[key],now + calls[i + 5]) end end end
local function manage(what,c,count) local fault,at=nil,c for _=1,count do local zone=zones[calls[at + 1]]
fault,at=fault or recordAt(calls[at],zone),at + 6 + 2 * zone.n end r=r + 1 reply[r]=fault or 1 local stop=at
at=fault and stop or c while at < stop do local key,zone,amount=calls[at],zones[calls[at + 1]],calls[at + 2]
local undoAt,countedAt,taken=calls[at + 3] > 0 and calls[at + 3],calls[at + 4],calls[at + 5] recordAt(key,zone)
if what == 4 then blockedUntil[key]=max(blockedUntil[key],now + amount) end
if what == 5 or what == 6 then blockedUntil[key]=0 end if what == 6 then others[key],othersEmptyAt[key]='',0 end
at=at + 6 for i=1,zone.n do local s,counter=base[key] + i,zone[i] if what == 6 then first[s]=false end
if what == 3 and first[s] then GIVE_BACK[counter.kind](s,counter,amount,undoAt,countedAt,taken,calls[at],calls[at + 1])
end at=at + 2 end end return stop end for z=1,#zones do local zone=zones[z] zone.n,zone.placeOf=#zone,{}
for i=1,zone.n do local spans=zone[i].spans zone.placeOf[zone[i].tag]=i
if spans and (now < spans[1] or now >= spans[4]) then zone.fault='CLOCK' end end end local c,last=1,#calls
while c <= last do local what=calls[c] if what == 0 then
local key,rule,cost,step=calls[c + 1],rules[calls[c + 2]],calls[c + 3],calls[c + 4]
for k=0,calls[c + 5] - 1 do decideOne(key + k * step,rule,cost) end c=c + 6 elseif what == 1 or what == 2 then
local begin=c + 2 c=begin + 7 * calls[c + 1] decide(begin,c - 1,what == 2) else c=manage(what,c + 2,calls[c + 1]) end
end for k=1,#KEYS do if zoneOf[k] then local bytes,untilWhen=encode(k) if bytes then
write(KEYS[k],bytes,untilWhen - now) elseif raw[k] then call('DEL',KEYS[k]) end end end return reply`,
}

/** Counts the processes that share a store. */
export const beatScript: Script = {
  sha: 'ff7700b84b24c662ab909c685014de7f2da0b6e5',
  source: `local time=redis.call('TIME') local now,silence=tonumber(ARGV[2]) or time[1] * 1000000 + time[2],3000000
redis.call('ZADD',KEYS[1],now,ARGV[1]) redis.call('ZREMRANGEBYSCORE',KEYS[1],'-inf',now - silence)
redis.call('ZREMRANGEBYSCORE',KEYS[1],string.format('(%.0f',now),'+inf') redis.call('PEXPIRE',KEYS[1],silence / 1000)
return redis.call('ZCARD',KEYS[1])`,
}
