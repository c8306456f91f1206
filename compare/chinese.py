"""The Chinese texts of the report and of the summary, by the English ones. Values in braces stay as they are."""

CATALOGUE = {
    # Words and short pieces.
    ", ": "、", "; ": "；", "{first} and {last}": "{first} 和 {last}", ", {part} {cost}": "，{part} {cost}", "{way}, {kind}": "{way}，{kind}",
    "{way}: {kinds}": "{way}：{kinds}", "{way}: {least} to {most} ms": "{way}：{least} 至 {most} ms", "{name}: {cost} a month": "{name}：每月 {cost}",
    "{condition}: {winner}": "{condition}：{winner}", ": {low} to {high}": "：{low} 至 {high}", "{low} to {high}": "{low} 至 {high}",
    "{low} to {high}, now {now}": "{low} 至 {high}，现为 {now}", "{least} to {most} ms": "{least} 至 {most} ms",
    "{least} to {most} ms: {n}": "{least} 至 {most} ms：{n}", "{first} to {last}, by tier": "{first} 至 {last}，按用量阶梯",
    "{price} a million": "每百万 {price}", "; flips at about {value}": "；约 {value} 时结论翻转", "from {volume} on": "用量超过 {volume} 的部分",
    "{n} after the free tier": "扣除免费额度后 {n}", "Lambda": "Lambda", "VM": "VM", "VMs": "台", "HTTP API": "HTTP API", "REST API": "REST API",
    "function URL": "函数 URL", "ALB": "ALB", "Lambda, HTTP API": "Lambda，HTTP API", "Lambda, REST API": "Lambda，REST API",
    "Lambda, function URL": "Lambda，函数 URL", "Lambda, ALB": "Lambda，ALB", "Lambda Managed Instances": "Lambda 托管实例", "arm64": "arm64",
    "x86_64": "x86_64", "managed": "托管实例", "a month": "每月", "way": "方式", "what it lacks": "不足", "cheapest": "最便宜", "origin": "来源",
    "range": "范围", "source": "出处", "value": "取值", "what": "项目", "item": "项目", "price": "单价", "cost": "费用", "quantity": "数量",
    "unit": "单位", "share": "份额", "of all": "占比", "bytes in": "请求字节", "bytes out": "响应字节", "rate": "速率", "max": "最大",
    "failed": "失败", "round trip": "往返", "scenario": "情景", "chosen": "指定", "the function’s log": "函数日志", "your access log": "你的访问日志", "measured": "实测",
    "assumed": "假设", "choice": "自选", "public figure": "公开数据", "set by hand": "人工设定", "the scenario": "情景", "not known": "未知",
    "not measured": "未测量", "as the load needs": "视负载而定", "reported": "转述", "conflict": "矛盾", "weak": "存疑", "equal": "相等",
    "requests a month": "每月请求数", "cheapest VMs": "最便宜的 VM", "best VM": "最便宜的 VM", "always Lambda": "始终是 Lambda",
    "always the VM": "始终是 VM", "VM below {volume}": "{volume} 以下为 VM", "at every volume": "任何用量", "at no volume": "无", "both cost the same":
    "费用相同", "below {volume}": "{volume} 以下", "above {volume}": "{volume} 以上", "below {first}, and at some volumes up to {last}": "{first} 以下，以及直到 {last} 的部分用量",
    "above {first}, but not at all volumes up to {last}": "{first} 以上，但 {last} 之前并非处处如此", "below about {first}": "约 {first} 以下",
    "above about {first}": "约 {first} 以上", "at all volumes but some from {first} to {last}": "除 {first} 至 {last} 之间的部分用量外均是",
    "at all volumes but some around {first}": "除 {first} 附近的部分用量外均是", "at some volumes from {first} to {last}": "{first} 至 {last} 之间的部分用量",
    "at some volumes around {first}": "{first} 附近的部分用量", "below {first}, and above {last}": "{first} 以下，以及 {last} 以上", "from {first} to {last}":
    "{first} 至 {last}", "without the free tier": "不计免费额度",
    "with the free tier": "计入免费额度", "with it": "计入免费额度", "cheaper side, without it": "比另一方便宜的用量（不计免费额度）",
    "Without the free tier": "不计免费额度", "With the free tier": "计入免费额度", "With the free tier on both sides": "双方都计入免费额度",
    "With the free tier on both sides: ": "双方都计入免费额度时：", "cheaper than the other side, at requests a month": "更便宜的每月请求数",

    # Units.
    "ms": "ms", "h": "小时", "s": "s", "MB": "MB", "GB": "GB", "GB a month": "GB/月", "GB-month": "GB·月", "GB-s": "GB·s", "512 KB": "每 512 KB",
    "request": "次", "hour": "小时", "month": "月", "months": "个月", "LCU-hour": "LCU·小时", "vCPU-hour": "vCPU·小时", "LCUs": "LCU", "times": "倍",
    "p50, ms": "p50（ms）", "p99, ms": "p99（ms）", "{n} ×": "{n} 倍", "{n} %": "{n}%", "< {n} %": "< {n}%", "{part}: {cost}": "{part}：{cost}", "{figure}: {source}": "{figure}：{source}",
    "rules": "条", "zones": "个", "environments": "个环境", "0 or 1": "（0 或 1）", "h a month": "小时/月", "an hour": "每小时", "a VM": "每台 VM",
    "a request": "字节/请求", "a response": "字节/响应", "a connection": "字节/连接", "of all requests": "（占全部请求）", "of all connections": "（占全部连接）",
    "of the processor": "（占处理器）", "of its bytes": "（占原字节数）", "of the VM's price": "（占 VM 价格）", "of Lambda's compute": "（占 Lambda 计算费）",

    # Parts of a bill.
    "compute": "计算", "gateway": "网关", "disk": "磁盘", "network": "网络", "logs": "日志", "transfer": "流量", "operation": "运维", "requests": "请求",
    "compute, committed": "计算（承诺用量）", "provisioned": "预置并发", "compute, provisioned": "计算（预置并发）", "load balancer": "负载均衡器",
    "capacity units": "容量单位", "vm": "VM", "fee for managed VMs": "托管 VM 费", "credits": "CPU 积分", "snapshots": "快照", "addresses": "地址",
    "NAT": "NAT", "NAT, data": "NAT 流量", "function log": "函数日志", "access log": "访问日志", "stored logs": "日志存储", "CDN, transfer": "CDN 流量",
    "CDN, requests": "CDN 请求", "WAF": "WAF", "WAF, rules": "WAF 规则", "WAF, requests": "WAF 请求", "DNS": "DNS", "alarms": "告警", "metrics": "指标",
    "people": "人工",

    # The replay.
    "Is the simulation right?": "模拟准确吗？", "No traffic was replayed.": "没有重放流量。", "The replay, measured and simulated": "重放：实测与模拟",
    "{side}, measured": "{side}，实测", "{side}, simulated": "{side}，模拟", "replay, ms": "重放（ms）", "cold starts": "冷启动",
    "The replay was interrupted: measure again.": "重放被中断：请重新测量。", "The replay against {side} is void: {reason}.": "对 {side} 的重放作废：{reason}。",
    "{share} % of the requests to {side} came while {n} others or more were under way, as many as the machine has processors. The simulation gives each"
    " environment a processor, as AWS does: do not compare measured with simulated here.":
        "发往 {side} 的请求有 {share}% 到来时，至少还有 {n} 个请求正在处理，已达到本机的处理器数。模拟与 AWS 一样，给每个环境一个处理器：请勿在此比较实测与模拟。",
    "the shape {name} ({meaning})": "流量形状 {name}（{meaning}）",
    "{hours} hours of {traffic} were replayed in {seconds} s against the pool and lambda-host on the machine of the run, whose"
    " environments lived idle for {idle} ms. The simulation got the same arrivals, and what was measured before: how long single requests and"
    " cold starts take.": "{traffic} 中的 {hours} 小时在 {seconds} s 内重放，分别发往测量所用机器上的进程池和 lambda-host，后者的环境空闲 {idle} ms 后结束。"
    "模拟使用同样的到达时间，以及事先测量的单个请求和冷启动的耗时。",
    "The requests extract keywords from texts of 2,000 to 20,000 characters. Both sides and the client share the processors of the machine; on AWS"
    " they do not. Other programs that ran only before the replay, or only during it, make a difference.":
        "请求从 2,000 到 20,000 个字符的文本中提取关键词。双方与客户端共用本机的处理器；在 AWS 上则不然。只在重放之前或只在重放期间运行的其他程序会造成差异。",

    # The head of the page and its parts.
    "serverful: VM or Lambda?": "serverful：VM 还是 Lambda？", "VM or Lambda?": "VM 还是 Lambda？", "Parts": "目录", "a quick run": "快速测量",
    "a full run": "完整测量",
    "What serverful costs and how fast it is: as a pool behind nginx on a VM, and as a function on Lambda.":
        "serverful 的成本和性能：在 VM 上作为 nginx 后端的进程池，以及作为 Lambda 函数。",
    "What this service costs and how fast it is: on a VM, and as a function on Lambda.": "该服务的成本和性能：运行在 VM 上，以及作为 Lambda 函数。",
    "Scenarios": "情景", "What would flip it": "什么会改变结论", "Attack it": "质疑", "Cost": "成本", "Bills": "账单", "Latency": "延迟", "Memory": "内存",
    "Assumptions": "假设", "Prices": "价格", "Change it": "修改", "Capacity": "容量", "Cold starts": "冷启动",

    # The answer.
    "The answer": "结论",
    "At {volume} requests a month the cheapest way is {name}: {cost}. The cheapest VM, {other}, costs {its}.":
        "每月 {volume} 次请求时，最便宜的是 {name}：{cost}；最便宜的 VM 是 {other}：{its}。",
    "At {volume} requests a month the cheapest way is {name}: {cost}. The cheapest function, {other}, costs {its}.":
        "每月 {volume} 次请求时，最便宜的是 {name}：{cost}；最便宜的函数是 {other}：{its}。",
    "At {volume} requests a month the cheapest way is {name}: {cost}. The VM has no bill: measurements or prices are missing.":
        "每月 {volume} 次请求时，最便宜的是 {name}：{cost}。VM 没有账单：缺少测量数据或价格。",
    "At {volume} requests a month the cheapest way is {name}: {cost}. Lambda has no bill: measurements or prices are missing.":
        "每月 {volume} 次请求时，最便宜的是 {name}：{cost}。Lambda 没有账单：缺少测量数据或价格。",
    "There is no bill: measurements are missing, or the region has no prices.": "没有账单：缺少测量数据，或者该区域没有价格。",
    "Below {volume} requests a month Lambda is cheaper, above it the VM.": "每月请求数低于 {volume} 时 Lambda 更便宜，高于它时 VM 更便宜。",
    "Below {volume} requests a month the VM is cheaper, above it Lambda.": "每月请求数低于 {volume} 时 VM 更便宜，高于它时 Lambda 更便宜。",
    "Lambda is cheaper {when} requests a month.": "Lambda 更便宜的每月请求数：{when}。", "That holds at every volume.": "任何用量都是如此。",
    "Scenario {name}: {meaning}. {region}, {memory} MB{log}, without the free tier on either side.":
        "情景 {name}：{meaning}。{region}，{memory} MB{log}，双方都不计免费额度。",
    "The sensible ways, the cheapest first": "各种合理的方式，最便宜的在前", "exceeds a default quota: {what}": "超出默认配额：{what}",
    "No latency was measured.": "没有测量延迟。",
    "p50 and p99: of the mix of requests, at {rate} a second, without cold starts.": "p50 和 p99 是混合请求的延迟，每秒 {rate} 次，不含冷启动。",
    "p50 and p99: what a client waits for the mix of requests, at {rate} a second; behind Lambda {share} % of them meet a cold start.":
        "p50 和 p99 是客户端等待混合请求的时间，每秒 {rate} 次；Lambda 一方有 {share}% 的请求遇到冷启动。",
    "VM: measured at {url}.": "VM：在 {url} 测得。", "{name}: measured at {url}.": "{name}：在 {url} 测得。", "VM: measured on the machine of this run, without a network and without TLS.": "VM：在运行测量的机器上测得，不含网络和 TLS。",
    "Lambda: measured at {url}; a gateway without a figure was not measured.": "Lambda：在 {url} 测得；没有数值的网关未测量。",
    "Lambda: measured on the machine of this run, and taken to be as fast on arm64 as on x86_64; the interval adds what AWS’s gateway takes by"
    " published figures. The network, and what Lambda itself takes, come on top of both ends.":
        "Lambda：在运行测量的机器上测得，假设 arm64 与 x86_64 一样快；区间包含公开数据中 AWS 网关增加的延迟。网络和 Lambda 自身的耗时还要加在区间两端之上。",
    "Billed duration of a warm request: {ms} ms ": "热请求的计费时长：{ms} ms ",
    "public figure, measured on AWS": "公开数据，在 AWS 上测得", "measured here, without AWS: a lower bound": "本次测量，不含 AWS：下限",
    "The run itself measured {ms} ms, which is a lower bound.": "本次测得 {ms} ms，只是下限。",

    # What a way lacks.
    "one machine in one zone: when it stops, the service stops": "只有一个可用区的一台机器：它一停，服务就停",
    "nothing spreads the load over {n} machines": "没有办法在 {n} 台机器之间分配负载", "no TLS": "没有 TLS", "no backup": "没有备份",
    "no WAF without an ALB or CloudFront": "没有 ALB 或 CloudFront 就不能用 WAF", "updates are somebody’s work, which is not in the bill":
    "更新需要人工，未计入账单", "AWS may take it back after two minutes’ notice": "AWS 可提前两分钟通知后收回",
    "no domain of its own and no WAF without CloudFront": "没有 CloudFront 就不能用自己的域名和 WAF", "no access log": "没有访问日志",
    "no WAF without CloudFront": "没有 CloudFront 就不能用 WAF", "at most 1 MB for a request and for an answer": "请求和响应各不超过 1 MB",
    "its access log goes to S3, which is not in the bill": "访问日志写入 S3，未计入账单", "no access log outside of the machine": "机器之外没有访问日志",
    "cold starts: {cold} % of the requests": "冷启动：{cold}% 的请求", "at least {least} VMs, busy or not": "无论忙闲，至少 {least} 台 VM",

    # Scenarios.
    "Four scenarios side by side": "四种情景对照", "The scenarios side by side": "各情景对照",
    "one VM over plain HTTP, without backup, alarms or stored logs; the function without all that, too":
        "一台 VM，明文 HTTP，没有备份、告警和日志存储；函数同样没有",
    "TLS, an access log, logs kept for a month, alarms and a DNS zone on both sides; a backup of the VM":
        "双方都有 TLS、访问日志、保留一个月的日志、告警和 DNS 区域；VM 有备份",
    "as standard, with at least two VMs in two zones behind a load balancer, one more than the load needs":
        "同 standard，另有负载均衡器和两个可用区中至少两台 VM，比负载所需多一台",
    "as standard, with a year's commitment on both sides: reserved VMs, a Savings Plan for Lambda":
        "同 standard，双方都承诺一年：VM 用预留实例，Lambda 用 Savings Plan",
    "Small print: the volumes, in requests a month, at which the way is cheaper than the best of the other side. “–”: measurements or prices are"
    " missing.": "小字：该方式的费用低于另一方最便宜方式的每月请求数。“–”表示缺少测量数据或价格。",

    # What would flip it.
    "Each assumption is moved through its plausible range, while all others stay; the volume from a tenth to ten times of the scenario’s. The bar"
    " has the colour of the cheaper side; a diamond marks where the answer flips. Those with the largest effect come first. Scenario {name}, without"
    " the free tier.":
        "每次只让一项假设在合理范围内变动，其余不变；请求数从情景的十分之一到十倍。横条的颜色表示更便宜的一方，菱形标出结论翻转之处。影响大的在前。情景 {name}，不计免费额度。",
    "Lambda is cheaper": "Lambda 更便宜", "the VM is cheaper": "VM 更便宜", "bill of Lambda ÷ bill of the VM": "Lambda 账单 ÷ VM 账单",
    "The best function": "最便宜的函数", "{who}: {now} the bill of the best VM": "{who}：最便宜 VM 账单的 {now}",
    "No assumption changes the ratio for {who}.": "没有哪项假设会改变这个比值：{who}。", "Within their ranges, these flip the answer: {names}.":
    "在各自范围内会改变结论的有：{names}。", "No assumption, moved alone through its range, flips the answer.": "单独改变任何一项假设都不会改变结论。",
    "Ratio of the bill of {who} to that of the best VM, now {now}. {verdict}": "{who} 与最便宜 VM 的账单之比，现为 {now}。{verdict}",
    "The ranges, and where they flip": "各项范围和翻转点", "With an effect of less than 0.2 %: {names}.": "影响小于 0.2%：{names}。",
    "Only one side has a bill, so that there is nothing to flip.": "只有一方有账单，无从翻转。",

    # Attacks.
    "Which assumption would you attack?": "你会质疑哪项假设？", "There is no bill to attack.": "没有可以质疑的账单。",
    "Each bill below is computed by the same model, without the free tier, with the best way of each side.":
        "以下账单都由同一模型算出，不计免费额度，双方各取最便宜的方式。",
    "Both cost {cost}.": "双方都是 {cost}。", "Lambda is cheaper: {function}, the VM {machine}.": "Lambda 更便宜：{function}，VM 为 {machine}。",
    "The VM is cheaper: {machine}, Lambda {function}.": "VM 更便宜：{machine}，Lambda 为 {function}。", "Scenario {name}: {winner}": "情景 {name}：{winner}",
    "The function takes longer than the bills count.": "函数耗时比账单所计的更长。", "With a billed duration of {ms} ms": "计费时长为 {ms} ms 时", "With {mb} MB and the same duration": "内存为 {mb} MB、时长不变时",
    "Cold starts are ignored.": "忽略了冷启动。",
    "An init is billed; {ms} ms are counted, for {share} % of the requests. A client that meets one waits for the init, and for what AWS does before"
    " it.": "初始化也计费：按 {ms} ms、{share}% 的请求计算。遇到冷启动的客户端还要等待初始化和 AWS 在此之前的准备。",
    "{name}: p99 is {with_} ms with cold starts in this share, {without} ms without.": "{name}：按此比例计入冷启动时 p99 为 {with_} ms，不计时为 {without} ms。",
    "With {share} % cold starts": "冷启动占 {share}% 时", "One VM is no service.": "一台 VM 算不上服务。",
    "We need another gateway.": "我们需要别的网关。", "{way}: {cost}, cheaper than the VM: {when}": "{way}：{cost}，比 VM 便宜的每月请求数：{when}",
    "{list}.": "{list}。", "There is no other.": "没有别的网关。", "yes": "是", "no": "否",
    "In the scenario that the page leads with, one VM may be enough; then it is one machine in one zone. A function runs in several zones.":
        "在本页主要情景中，一台 VM 可能就够了，那么它只是一个可用区里的一台机器；函数则运行在多个可用区。",
    "The VM cannot carry the peak.": "VM 扛不住峰值。",
    "The busiest second has {peak} times the mean rate, and {headroom} % of the processor stay idle in it; burstable types stay within their baseline"
    " over the month.": "最忙的一秒是平均速率的 {peak} 倍，此时处理器仍有 {headroom}% 空闲；突发型实例按月平均不超过基准。",
    "For that {n} × {type} suffice.": "为此 {n} 台 {type} 就够了。", "With {peak} times the mean rate": "峰值为平均速率的 {peak} 倍时",
    "Somebody has to look after the VM.": "VM 需要人维护。",
    "The bills differ by {gap} a month: {minutes} minutes of work at {rate} an hour.": "两份账单每月相差 {gap}：按每小时 {rate} 计，合 {minutes} 分钟的人工。",
    "People’s work is in the bills: {vm} h a month for the VM, {function} h for Lambda.": "账单包含人工：VM 每月 {vm} 小时，Lambda {function} 小时。",
    "No bill has people’s work: it differs more between teams than between ways. Set lambda_hours, vm_hours and hourly_rate.":
        "账单不含人工：团队之间的差别比方式之间的差别更大。可设置 lambda_hours、vm_hours 和 hourly_rate。",
    "With an hour a month for the VM, at {rate}": "VM 每月一小时人工、每小时 {rate} 时", "Nobody pays on-demand prices.": "没有人付按需价格。",
    "With Spot instead": "改用 Spot 时", "The prices are second-hand.": "价格是转述的。",
    "Of the {n} items in the bills of the best VM and the best function, {weak} have a price from third-party sources; the table of prices marks them.":
        "最便宜的 VM 和函数的账单共有 {n} 个项目，其中 {weak} 个的价格来自第三方，价格表中已标出。",
    "The free tier decides.": "免费额度决定一切。",
    "Allowances apply to an account, not to a service: another service may have used them up. So the page leads without them, on both sides.":
        "免费额度属于账户而不是服务，可能已被别的服务用完。因此本页以双方都不计免费额度为主。",
    "With them: {winner}": "计入免费额度时：{winner}", "Our answers are larger.": "我们的响应更大。",
    "An answer of the mix has {bytes} bytes with its headers, and both sides pay the same price for transfer to the Internet; the VM pays for its TLS"
    " handshakes, too.": "混合请求的响应连同头部平均 {bytes} 字节，双方流出到互联网的流量单价相同；VM 还要为 TLS 握手的流量付费。",
    "An answer of the mix has {bytes} bytes with its headers, and both sides pay the same price for transfer to the Internet.":
        "混合请求的响应连同头部平均 {bytes} 字节，双方流出到互联网的流量单价相同。",
    "With CloudFront in front of both": "双方前面都加 CloudFront 时", "At our volume AWS throttles.": "我们的用量会被 AWS 限流。",
    "No way needs more than a default quota.": "没有哪种方式超出默认配额。", "The scenario’s volume is above that.": "情景的用量高于此值。",
    "The scenario’s volume is below that.": "情景的用量低于此值。",
    "The first default quota is reached at {volume} requests a month: {limit} {what}.": "每月 {volume} 次请求时达到第一个默认配额：{what} 上限 {limit}。",
    "What AWS adds to the latency is missing.": "缺少 AWS 增加的延迟。", "Latency was measured at {urls}; that includes what AWS adds.":
    "延迟在 {urls} 测得，已包含 AWS 增加的部分。",
    "It is not measured on the machine of the run. Published figures of what the gateways add: {list}. For the others none was found.":
        "运行测量的机器上测不到。公开数据中网关增加的延迟：{list}。其余网关没有找到数据。",
    "It is not measured on the machine of the run, and no figure is known.": "运行测量的机器上测不到，也没有已知数据。",
    "Our processor is another one.": "我们的处理器不同。",
    "A request is taken to need the same time on arm64 and x86_64, and a processor of a VM is taken to be {speed} times as fast as the one that vm_cpu_ms"
    " is from. See the range of vm_speed under “What would flip it”.":
        "假设一次请求在 arm64 和 x86_64 上用时相同，VM 的处理器速度是测得 vm_cpu_ms 的处理器的 {speed} 倍。vm_speed 的范围见“什么会改变结论”。",
    "A request is taken to need the same time on arm64 and x86_64, and a processor of a VM is taken to be {speed} times as fast as one of the machine"
    " of the run. See the ranges of vm_speed and vm_cpu_ms under “What would flip it”.":
        "假设一次请求在 arm64 和 x86_64 上用时相同，VM 的处理器速度是运行测量的机器的 {speed} 倍。vm_speed 和 vm_cpu_ms 的范围见“什么会改变结论”。",

    # Cost over volume.
    "Cost over volume": "成本与用量",
    "The picture above, with the free tier on both sides. The line of the VMs is the cheapest type and number of them at each volume; each function is"
    " on the cheaper processor.": "同上图，但双方都计入免费额度。VM 的线在每个用量上都取最便宜的类型和台数；函数取较便宜的处理器架构。",
    "The bill over the requests a month, {tier}: {turns}.": "账单随每月请求数的变化，{tier}：{turns}。",
    "{way} and the cheapest VMs cost the same at {volume}": "{way} 与最便宜的 VM 在 {volume} 时费用相同", "no two lines cross": "没有相交的线",
    "A circle: here a way of Lambda and the cheapest VMs cost the same. A diamond: from here on a default quota of AWS does not suffice. Both axes are"
    " logarithmic.": "圆圈：Lambda 的一种方式与最便宜的 VM 费用相同。菱形：从这里起 AWS 的默认配额不够用。两轴都是对数刻度。",
    "Break-evens without the free tier": "不计免费额度的盈亏平衡点", "{volume} requests, {cost}: {way}": "{volume} 次请求，{cost}：{way}",
    "No two of the lines cross.": "没有相交的线。", "What AWS allows by default": "AWS 的默认配额",
    "In the busiest second these quotas no longer suffice. AWS raises most of them on request.": "在最忙的一秒，以下配额不再够用。多数可以申请提高。",
    "above {volume} requests a month: {limit} {what} ({ways})": "每月超过 {volume} 次请求时：{what} 上限 {limit}（{ways}）",
    "environments of all functions together": "所有函数合计的环境数", "requests a second: ten for each environment": "每秒请求数（每个环境 10 次）",
    "requests a second of all APIs together": "所有 API 合计的每秒请求数",

    # Bills.
    "The bills for {volume} requests a month": "每月 {volume} 次请求的账单",
    "Scenario {name}, {memory} MB{log}, {region}, {cold} % cold starts{share}. The cheapest first; each opens to its lines with quantity, unit, price and cost.":
        "情景 {name}，{memory} MB{log}，{region}，冷启动 {cold}%{share}。最便宜的在前；每份账单都可展开，列出用量、单位、单价和费用。",
    "Shares of the bill: {list}.": "占账单的比例：{list}。", "{way}: gateway {gateway} %, Lambda itself {function} %": "{way}：网关 {gateway}%，Lambda 本身 {function}%",
    "no bill: there is no price of {items}": "没有账单：{items} 没有价格", "no bill: the measurement is missing, or its memory is too small":
    "没有账单：缺少测量数据，或内存太小",

    # Break-even for every VM.
    "Break-even for every VM": "各型 VM 的盈亏平衡点", "One of the sides has no options in this region.": "该区域有一方没有可选项。",
    "Below this many requests a month Lambda on {kind} is cheaper than as many VMs of this type as the load needs. Between two volumes the cheaper side"
    " changes with each VM that is added. Small print: with the free tier.":
        "每月请求数低于此值时，{kind} 上的 Lambda 比负载所需台数的这种 VM 便宜。两个值之间，每加一台 VM，便宜的一方就可能改变。小字：计入免费额度。",
    "Break-even volumes in requests a month": "盈亏平衡点（每月请求数）", "{n} vCPU of {architecture}, {memory} GB": "{n} 个 {architecture} vCPU，{memory} GB",
    ", {share} % of each without limit": "，每个可不限时使用 {share}%",

    # Latency and capacity.
    "Each request is sent when it is due, even if earlier ones are not answered yet, and its latency counts from the time when it was due: a server"
    " that stalls is charged for every request that had to wait. “–” stands where there are too few requests for a percentile.":
        "每个请求都按时发出，即使先前的请求尚未得到响应；延迟从应发出的时刻算起，因此服务器停顿会计入所有等待的请求。请求太少、不足以得出百分位数时显示“–”。",
    "{side} refused {n} of {total} requests with the status {status}.": "{side} 以状态码 {status} 拒绝了 {total} 个请求中的 {n} 个。",
    "{name}: measured at {url}. The network is included: {trip}.": "{name}：在 {url} 测得，包含网络：{trip}。",
    "its round trip was not measured": "没有测量往返时间", "{connect} ms to connect, the median of {n}": "建立连接 {connect} ms（{n} 次的中位数）",
    "{connect} ms to connect and {tls} ms for a TLS handshake, the medians of {n}": "建立连接 {connect} ms，TLS 握手 {tls} ms（{n} 次的中位数）",
    "p50 without it": "扣除往返的 p50", "p50 without the round trip": "扣除往返的 p50", "network and gateway, ms": "网络和网关（ms）",
    "The gateways themselves": "网关自身的耗时", "Mean times in milliseconds, from CloudWatch": "CloudWatch 给出的平均时间（ms）", "gateway alone": "网关自身",
    "{name}: a client waited {ms} ms for the first answer of a new environment (median of {n}, at most {most} ms).":
        "{name}：客户端等待新环境的首个响应 {ms} ms（{n} 次的中位数，最长 {most} ms）。",
    "A request took {ms} ms of the VM’s processor on AWS, with nginx and TLS.": "在 AWS 上，一次请求占用 VM 处理器 {ms} ms，包含 nginx 和 TLS。",
    "According to CloudWatch, its processor was busy for at most {most} % of the time.": "据 CloudWatch，处理器使用率最高为 {most}%。",
    "It used {n} CPU credits.": "共用去 {n} 个 CPU 积分。",
    "Its balance went from {first} to {last} CPU credits.": "CPU 积分余额从 {first} 变为 {last}。",
    "waits for the function": "等待函数", "together": "合计",
    "{name}: measured on the machine of this run, without a network.": "{name}：在运行测量的机器上测得，不含网络。", "The client: {name}.": "客户端：{name}。",
    "VM: nginx and the pool": "VM：nginx 和进程池", "Lambda: bootstrap under lambda-host": "Lambda：lambda-host 下的 bootstrap",
    "The upright line is the median. The bar is thickest up to p90, thinner up to p99 and up to p99.9; the dot is the slowest request. All endpoints"
    " share one scale.": "竖线是中位数。横条到 p90 最粗，到 p99 和 p99.9 渐细；圆点是最慢的请求。所有接口用同一刻度。",
    "{share} % of the requests failed, so that the latencies say nothing and are not shown ({reason}).": "{share}% 的请求失败，延迟没有意义，不予显示（{reason}）。",
    "{failed} of {n} requests failed: {causes}": "{n} 个请求中有 {failed} 个失败：{causes}", "{n} × {status}": "{n} 个 {status}", "no answer": "无响应",
    "Latency of {name} in milliseconds": "{name} 的延迟（毫秒）", "Spread of the latencies of {name}. {list}": "{name} 的延迟分布。{list}",
    "{series}: median {p50} ms, slowest {max} ms": "{series}：中位数 {p50} ms，最慢 {max} ms",
    "Latency of {name} by percentile at {rate} requests a second": "每秒 {rate} 次请求时 {name} 的延迟百分位", "The tail at {rate} requests a second.":
    "每秒 {rate} 次请求时的尾部延迟。", "ms, from when each was due": "ms，从请求应发出时算起", "of the requests were faster": "比它快的请求占比",
    "No capacity was measured.": "没有测量容量。",
    "Closed loop on {n} connections: each sends its next request when the last one is answered; always on the machine of the run, without TLS. CPU and"
    " memory are the sums of nginx and the pool, and of all bootstrap processes.":
        "{n} 个连接的闭环：上一个请求得到响应后才发下一个；总是在运行测量的机器上，不用 TLS。处理器时间和内存是 nginx 与进程池之和，以及所有 bootstrap 进程之和。",
    "Closed loop on {n} connections: each sends its next request when the last one is answered. CPU and memory are those that the metrics of the service"
    " have.": "{n} 个连接的闭环：上一个请求得到响应后才发下一个。处理器时间和内存取自该服务的指标。",
    "lambda-host is not counted, since AWS runs that part.": "不含 lambda-host，因为那部分由 AWS 运行。",
    "requests/s": "次/秒", "CPU ms a request": "每次请求的 CPU（ms）", "memory MB": "内存（MB）", "Capacity in a closed loop": "闭环容量",

    # Memory sizes and cold starts.
    "Memory sizes of the function": "函数的内存大小", "There is no bill: no memory size was measured, or the region has no prices.":
    "没有账单：没有测量内存大小，或者该区域没有价格。", "Measured {how}.": "测量范围：{how}。",
    "only with a whole processor, since a share of one needs root": "只测了整个处理器，因为限制份额需要 root",
    "Lambda gives processor time in proportion to the memory; 1,769 MB correspond to one processor. Each size was measured with its share of a processor,"
    " one request at a time. With a smaller share a request takes longer, so the smallest size need not be the cheapest. The cost is for compute only,"
    " inits included, without the free tier. The duration is that of the process alone; the same is taken for arm64 and x86_64.":
        "Lambda 按内存分配处理器时间，1,769 MB 相当于一个处理器。每种大小都按其处理器份额、逐个请求测量。份额越小，请求越慢，因此最小的未必最便宜。费用只含计算和初始化，"
        "不计免费额度。时长只计进程本身，arm64 和 x86_64 取相同值。",
    "Only one memory size is known. The cost is for compute only, inits included.": "只知道一种内存大小。费用只含计算和初始化。",
    "No size is clearly the cheapest: the difference to another one is within twice the standard errors of their costs.":
        "没有明显最便宜的大小：与另一种的差距在两者费用的两个标准误之内。",
    "Memory sizes: duration and cost of the mix": "内存大小：混合请求的时长和费用", "duration ms": "时长（ms）", "billed ms": "计费（ms）",
    "arm64, a million": "arm64/百万", "x86_64, a million": "x86_64/百万", "duration": "时长", "ms of init": "初始化（ms）",
    "No cold starts were measured.": "没有测量冷启动。", "No memory size was measured.": "没有测量内存大小。",
    "How long an init takes is not known: the bills count {ms} ms, a public figure of small programs. A log with cold starts has it (--reports), or set"
    " init_ms.": "初始化时长未知：账单按 {ms} ms 计算，这是小程序的公开数据。含冷启动的日志（--reports）可提供实际值，也可自行设置 init_ms。",
    "The memory of the service on the VM is not known, so that the bills take any VM for large enough: set vm_memory_mb.":
        "VM 上服务所需的内存未知，账单因此认为任何 VM 都够大：请设置 vm_memory_mb。",
    "measured at the URL, by the metrics of the service": "在该 URL 上根据服务的指标测得",
    "The processor time of a request on the VM is that of the whole service while it was measured: other requests at that time count, too.":
        "VM 上一次请求的处理器时间按测量期间整个服务所用的时间计算：同时到达的其他请求也算在内。",
    "Counted in the bills: {ms} ms for an init, for {share} % of the requests{source}.": "账单中每次初始化按 {ms} ms 计，占请求的 {share}%{source}。",
    "{n} new environments: init takes {median} ms (median), {mean} ms (mean), {most} ms (maximum).":
        "{n} 个新环境：初始化中位数 {median} ms，平均 {mean} ms，最长 {most} ms。",
    "Clients waited {ms} ms (median), including the start of the process by lambda-host.": "客户端等待 {ms} ms（中位数），包含 lambda-host 启动进程的时间。",
    "Histogram of the init durations. {facts}": "初始化时长的直方图。{facts}", "Bars: measured on the machine of the run.": "直条：在运行测量的机器上测得。",
    "Dashed lines: public figures of functions that do nothing, on arm64 with 128 MB, {source}.": "虚线：空函数在 arm64、128 MB 上的公开数据，{source}。",
    "{runtime}: {ms} ms": "{runtime}：{ms} ms", "Public figures of inits on AWS: the median of each year in ms, and the last p99":
        "AWS 上初始化的公开数据：各年的中位数（ms）和最近的 p99",
    "The public figures were measured on AWS and include the work of AWS before and after an init; the bars are the work of the process alone.":
        "公开数据在 AWS 上测得，包含 AWS 在初始化前后的工作；直条只是进程本身的时间。",

    # Traffic.
    "Traffic": "流量", "Your access log": "你的访问日志", "Simulated": "模拟", "simulated": "模拟", "from your access log, simulated": "由你的访问日志模拟得出",
    "simulated, shape {name}": "由形状 {name} 模拟得出", " ({what})": "（{what}）", "{name} ({meaning})": "{name}（{meaning}）", "Scenario {name}": "情景 {name}",
    "{requests} requests in {days} days; {mean} a second on average, at most {second} in a second, {minute} in a minute and {hour} in an hour.":
        "{days} 天内有 {requests} 次请求；平均每秒 {mean} 次，一秒最多 {second} 次，一分钟最多 {minute} 次，一小时最多 {hour} 次。",
    "A month like this has {requests} requests, and its busiest second {peak} times the average.": "按此推算，一个月有 {requests} 次请求，最忙一秒是平均值的 {peak} 倍。",
    "The files": "日志文件", "{path}: {format}, {n} requests": "{path}：{format}，{n} 次请求", ", {n} lines cannot be read": "，{n} 行无法读取",
    "Requests of each hour of the week, in the local time of your access log: {least} to {most}, the mean of all weeks.": "一周中每小时的请求数（访问日志的本地时间，各周平均）：{least} 至 {most}。",
    "Mon": "周一", "Tue": "周二", "Wed": "周三", "Thu": "周四", "Fri": "周五", "Sat": "周六", "Sun": "周日",
    "{day} {hour}:00: {n}": "{day} {hour}:00：{n}", "week {n}": "第 {n} 周",
    "The shape {name}": "形状 {name}", "Its first week.": "第一周。",
    "Requests of each hour of the month, on average: {least} to {most}. The busiest minute has {minute}, {times} times the mean.":
        "一个月中每小时的平均请求数：{least} 至 {most}。最忙的一分钟有 {minute} 次，是每分钟平均值的 {times} 倍。",
    "requests an hour": "每小时请求数", "seconds, the busiest first": "秒数，从最忙的一秒起",
    "requests in the second": "该秒的请求数", "The busiest seconds, side by side: the most in one is {most}; {empty} % of the seconds have none.":
        "从最忙的一秒起排列：最忙的一秒有 {most} 次请求；{empty}% 的秒没有请求。",
    "Sizes of the responses.": "响应的大小。", "Sizes of the responses; {n} without a body are not drawn.": "响应的大小；{n} 个没有正文的响应未画出。",
    "bytes of a response": "响应的字节数", "{least} to {most} bytes: {n}": "{least} 至 {most} 字节：{n}",
    "The requests of your access log were replayed against both sides.": "按你的访问日志中的请求对双方做了模拟。",
    "Requests of the shape {name} ({meaning}) were replayed against both sides.": "按形状 {name}（{meaning}）的请求对双方做了模拟。",
    "An idle environment of the function lives {idle} s. The VMs are the fewest that answer 99 % of the requests of the busiest time within {p99} ms; the"
    " latencies are those of the fleet that is paid for.":
        "函数的环境空闲 {idle} s 后结束。VM 取能在最忙的时段使 99% 的请求在 {p99} ms 内得到响应的最少台数；延迟是实际付费的那些 VM 的。",
    "They are the time in the queue and in service: on a VM the mean processor time of the endpoint, of the function the durations that are billed, and {ms} ms"
    " more for a cold start. The latencies of the answer are measured, without the queue of the busiest time.":
        "延迟是排队和处理的时间：VM 按接口的平均处理器时间计，函数按计费时长计，冷启动再加 {ms} ms。结论中的延迟是实测值，不含最忙时段的排队。",
    "The bills count {share} % cold starts at this volume, the share in the function’s log, instead of the simulated one in the table.":
        "在这个用量上，账单按函数日志中的比例计入 {share}% 的冷启动，而不采用表中模拟得出的比例。",
    "At other volumes the simulated share counts, moved as far by its odds.": "在其他用量上采用模拟得出的比例，其几率按同一倍数调整。",
    "Your access log covers {hours} hours, too little for the volume of a month, which takes {least}: the bills count {volume} requests. Set the parameter"
    " requests, or read more of the log.":
        "你的访问日志只覆盖 {hours} 小时，不足以推算一个月的用量（至少需要 {least} 小时）：账单按 {volume} 次请求计。请设置参数 requests，或读取更多日志。",
    "The volume and the sizes of responses are from your access log.": "用量和响应大小来自你的访问日志。",
    "The bills count {n} bytes for each response instead{source}.": "账单中每个响应的字节数改为 {n}{source}。",
    "The volume is from your access log.": "用量来自你的访问日志。",
    "The sizes of responses are from your access log.": "响应大小来自你的访问日志。",
    "A month of your access log has {log} requests; the bills count {volume}, which the parameter requests sets.":
        "按你的访问日志，一个月有 {log} 次请求；账单按参数 requests 的 {volume} 次计。",
    "With what was simulated: {winner}": "按模拟结果：{winner}",
    "With the parameters instead ({share} % cold starts, a busiest second of {peak} times the mean, {headroom} % of headroom): {winner}":
        "若改用参数（{share}% 冷启动，最忙一秒为平均值的 {peak} 倍，{headroom}% 余量）：{winner}",
    "Scenario {name} at {volume} requests a month, as simulated": "情景 {name} 在每月 {volume} 次请求时的模拟结果", "number": "数量", "cold-start share": "冷启动比例",
    "The other types of VMs": "其他 VM 类型", "The other types of VMs in the scenario {name} at {volume} requests a month, as simulated":
        "情景 {name} 中其他 VM 类型在每月 {volume} 次请求时的模拟结果",
    "its environments": "环境", "at most {n}": "最多 {n} 个", "refused": "被拒绝", "utilisation": "利用率", "CPU credit balance": "积分余额",
    "at least {n}": "最低 {n}", "{n} to pay": "需付费 {n}", "{n} paid for": "付费 {n} 台", "no number suffices": "多少台都不够",
    "% of the requests": "占请求的比例（%）", "The share of cold starts over the volume.": "不同用量下的冷启动比例。",
    "The smallest number of VMs of the type {name} that holds the p99, over the volume.": "不同用量下满足 p99 要求的最少 {name} 台数。",
    "What 99 % of the requests wait at most, over the volume.": "不同用量下 99% 的请求的最长等待时间。",
    "Nothing was simulated: the bills assume {share} % cold starts, a busiest second of {peak} times the mean, and {headroom} % of headroom.":
        "没有模拟：账单假设 {share}% 冷启动，最忙一秒为平均值的 {peak} 倍，{headroom}% 余量。",
    "Read an access log, or take a shape, and the bills follow: {names}.": "读取一份访问日志，或选一种形状，账单会随之改变：{names}。",
    "the same rate all month": "全月速率相同", "office hours": "办公时间", "a shop with a sale": "有促销的商店", "a job at each hour": "每小时一次的定时任务",
    "a link on a front page": "被热门网站首页链接", "VMs: {what}.": "VM 台数：{what}。",
    "simulating the traffic on both sides, which can take some minutes": "正在对双方模拟流量，可能需要几分钟", "Cold starts and VMs: {what}.": "冷启动和 VM 台数：{what}。",
    "Enough VMs are counted for 99 % of the requests to be answered within {ms} ms in the busiest time ({what}).":
        "按在最忙的时段 99% 的请求在 {ms} ms 内得到响应来计算 VM 台数（{what}）。",
    "Not simulated, with {peak} times the mean rate": "不用模拟、按平均速率的 {peak} 倍计", "Not simulated, with {share} % cold starts": "不用模拟、按 {share}% 冷启动计",
    "What was simulated is not moved: {names}.": "由模拟得出的不参与变动：{names}。", "{share} % cold starts, {what}": "{share}% 冷启动，{what}",
    "{share} % of all requests": "所有请求的 {share}%", "by the simulation": "由模拟决定", "; without a simulation {value} counts": "；不模拟时按 {value} 计",
    "AWS promises none; measured by several: 300 to 600": "AWS 没有承诺；多人测得 300 至 600", "seen by users, not documented": "用户观察所得，没有文档",
    "an assumption: AWS does not say": "假设：AWS 没有说明", "an assumption: tens of milliseconds": "假设：几十毫秒", "an assumption: 8 to 64 by runtime": "假设：8 至 64，视运行时而定",

    # Measured and assumed.
    "What is measured, what is assumed": "实测与假设",
    "A measurement replaces assumptions: {url} and {vm} measure the latency of real deployments, and {log} takes durations and inits from the"
    " function’s log.": "测量可以取代假设：{url} 和 {vm} 测量真实部署的延迟，{log} 从函数日志中读取时长和初始化时间。",
    "Each parameter of the scenario {name}, and where its value comes from": "情景 {name} 的各项参数及其来源", "What {gateway} adds to the latency":
    "{gateway} 增加的延迟", "replaced by the measurement": "已由测量取代", "not known, so nothing is added": "未知，因此没有加上", "Limits of the measurement":
    "测量的局限",
    "On the machine of a run, load generator, nginx, pool, lambda-host and bootstrap share the processors and slow each other down, most of all in a"
    " closed loop.": "在运行测量的机器上，负载生成器、nginx、进程池、lambda-host 和 bootstrap 共用处理器，互相拖慢，闭环时最明显。",
    "lambda-host stands in for AWS where latency is measured on the machine of the run.": "在运行测量的机器上测延迟时，lambda-host 代替 AWS。",
    "The function’s log does not say on which architecture the function ran; a request is taken to last as long on the other one.":
        "函数日志没有记录函数所用的架构；假设请求在另一种架构上用时相同。",
    "Several VMs without a load balancer need something else that spreads the load.": "多台 VM 若没有负载均衡器，就需要别的办法分配负载。",
    "Without the function’s log, durations and inits are those of the processes on the machine of the run. Capacity always is.":
        "没有函数日志时，时长和初始化时间取自运行测量的机器上的进程；容量始终如此。",
    "The region {region} lacks prices that the scenario {name} needs: {items}. Import them with `serverful prices`, or add rows to the table `price`.":
        "区域 {region} 缺少情景 {name} 所需的价格：{items}。请用 `serverful prices` 导入，或在表 `price` 中添加。",
    "At {volume} requests a month {name} and {other} cost the same: {cost}.": "每月 {volume} 次请求时，{name} 与 {other} 费用相同：{cost}。",
    "A GB of transfer and logs has {bytes} bytes; AWS’s price lists do not say whether it is 10⁹ or 2³⁰.":
        "传输和日志的 1 GB 按 {bytes} 字节计；AWS 的价目表没有说明是 10⁹ 还是 2³⁰。", "With 2³⁰ bytes": "按 2³⁰ 字节",
    "The VMs of that scenario have public addresses to reach CloudWatch and updates. With a NAT gateway instead":
        "该情景的 VM 有公网地址，以便访问 CloudWatch 和更新。改用 NAT 网关",
    "Only one side has a bill, so that there is nothing to compare.": "只有一方有账单，无从比较。",
    "bytes": "字节", "body of a response, the mean of the mix": "响应体，混合请求的平均值", "size of a GB of transfer and of logs": "传输和日志的 1 GB 的大小",
    "an assumption: AWS's price lists do not say whether it is 10^9 or 2^30": "假设：AWS 的价目表没有说明是 10^9 还是 2^30",
    "whether VMs behind an ALB have public addresses, too, to reach CloudWatch and updates without NAT":
        "ALB 后面的 VM 是否也有公网地址，以便不用 NAT 就能访问 CloudWatch 和更新",
    "The allowances are those of the regions outside of China; whether this region has the same is not known.":
        "免费额度是中国以外区域的；不清楚本区域是否相同。",
    "The region {region} has no price of a VM or of a function.": "区域 {region} 没有任何 VM 或函数的价格。",
    "The bills include no tax, no support plan and no DNS queries.": "账单不含税、支持计划和 DNS 查询。", "The mix of requests": "混合请求", "The mix": "混合请求",
    "There are no requests yet: nothing was measured.": "还没有请求：尚未测量。",

    # Prices and the run.
    "from AWS itself": "来自 AWS", "from several third-party sources, which agree": "来自多个一致的第三方来源", "from third-party sources that disagree":
    "第三方来源互相矛盾", "from a single third-party source, or an estimate": "来自单一第三方来源，或为估计",
    "There are no prices for the region {region}.": "区域 {region} 没有价格。",
    "In {currency}, without tax, as published. {n} of {all} rows do not come from AWS itself and are marked {mark}.":
        "以 {currency} 计，不含税，按公布价格。{all} 行中有 {n} 行不是来自 AWS，已用 {mark} 等标记标出。",
    "Free each month": "每月免费额度", "Allowances": "免费额度", "A price": "价格", "The memory size": "内存大小", "The volume": "请求数",
    "At least three VMs in one scenario": "某一情景至少三台 VM", "The file {file} holds the prices, the parameters, the mix and all samples. Change them with"
    " SQL; then": "文件 {file} 包含价格、参数、混合请求和全部样本。用 SQL 修改后，", "writes this page again, without measuring. In a clone the file is {file}, and the command {command}.":
        "会重新生成本页，无需再测量。在源码目录中，该文件是 {file}，命令是 {command}。",
    "Machine and run": "机器和测量", "There are no facts about the run.": "没有关于测量的信息。",

    # The summary.
    "wrote the report to {report}, and all samples, prices and parameters to {results}": "报告已写入 {report}，全部样本、价格和参数在 {results} 中",
    "latency in ms": "延迟（ms）", "no latency was measured": "没有测量延迟", "* closed loop, on {n} connections": "* 闭环，{n} 个连接",
    "VOID: {series}: {reason}": "作废：{series}：{reason}", "{endpoint} at {rate}, {target}": "{endpoint}，{rate}，{target}",
    "no memory size is clearly the cheapest": "没有明显最便宜的内存大小",
    "WARNING: {side} refused {n} of {total} requests with {status}: {todo}": "警告：{side} 以 {status} 拒绝了 {total} 个请求中的 {n} 个：{todo}",
    "raise `rate` and `burst` in the site of nginx, or remove its `limit_req` for the test; see docs/operate.md":
        "请提高 nginx 站点的 `rate` 和 `burst`，或在测试时去掉 `limit_req`；见 docs/operate.md",
    "raise `limit_conn` in the site of nginx, or remove it for the test; see docs/operate.md":
        "请提高 nginx 站点的 `limit_conn`，或在测试时去掉它；见 docs/operate.md",
    "raise the concurrency of the function, or the throttling limits of its API": "请提高函数的并发数，或其 API 的限流值",
    "raise the concurrency of the function": "请提高函数的并发数",
    "raise its limit of requests or of connections for the test": "请在测试期间提高其请求数或连接数的限制", "no cold starts measured": "没有测量冷启动",
    "{n} cold starts: init {median} ms (median), {most} ms (max)": "{n} 次冷启动：初始化中位数 {median} ms，最长 {most} ms",
    "Scenario {name}: {volume} requests a month{source}, {memory} MB{log}, {region}": "情景 {name}：每月请求数 {volume}{source}，{memory} MB{log}，{region}",
    " (from your access log)": "（来自你的访问日志）", " (from the function’s log)": "（来自函数日志）", "from the function’s log": "来自函数日志", "the VM": "VM",
    "No break-even is known, since these have no bill: {sides}. Measurements or prices are missing.": "盈亏平衡点未知，因为没有账单：{sides}。缺少测量数据或价格。",
    "cheapest memory size: {size} MB": "最便宜的内存大小：{size} MB",
    "The report has the other scenarios, what AWS adds to the latency, and what the prices rest on.": "报告中有其余情景、AWS 增加的延迟和价格的依据。",

    # Parameters.
    "side whose durations the access log has: vm, lambda or none": "访问日志中的时长属于哪一方：vm、lambda 或 none", "region of the prices": "价格所属的区域", "number of requests": "请求数", "rate in the busiest second, relative to the mean of the month":
    "最忙一秒的速率与月平均之比", "status line and headers of a response": "响应的状态行和头部", "requests that a client sends on one connection":
    "客户端在一个连接上发送的请求数", "time that a connection stays open": "连接保持的时间", "length of a month": "一个月的长度",
    "memory size of the function": "函数的内存大小", "billed duration of a warm request": "热请求的计费时长", "billed duration of an init": "初始化的计费时长",
    "requests that need a cold start": "需要冷启动的请求", "provisioned concurrency, paid for the whole month": "预置并发，按整月付费",
    "requests that the provisioned environments take, if there are any": "由预置环境处理的请求（如果有）", "format of the function's log: text or json":
    "函数日志的格式：text 或 json", "level of the function's log: INFO, or WARN with json": "函数日志的级别：INFO，或 json 格式下的 WARN",
    "what Lambda writes into CloudWatch Logs": "Lambda 写入 CloudWatch Logs 的内容", "least number of VMs of Lambda Managed Instances":
    "Lambda 托管实例的最少 VM 台数", "type of the VMs of Lambda Managed Instances": "Lambda 托管实例的 VM 类型", "fee of Lambda Managed Instances":
    "Lambda 托管实例的费率", "processor time of a request on the VM over plain HTTP, web server included": "VM 上一次明文 HTTP 请求的处理器时间，含 Web 服务器",
    "memory of the service on the VM, web server included": "VM 上服务的内存，含 Web 服务器", "processor time of a request in the function, for Lambda Managed Instances":
    "函数中一次请求的处理器时间，用于 Lambda 托管实例", "speed of a processor of the VM, relative to the one that vm_cpu_ms is from":
    "VM 的处理器与运行测量的机器的速度之比", "memory of the VM that the operating system needs": "操作系统占用的 VM 内存", "disk of each VM": "每台 VM 的磁盘",
    "what the simulation replays: log, which is the access log; a shape (steady, office-hours, shop-sale, hourly-job, front-page); none; or auto: the access log if there is one":
    "模拟所重放的流量：log（访问日志）、一种形状（steady、office-hours、shop-sale、hourly-job、front-page）、none（不模拟），或 auto（有访问日志则用访问日志）",
    "idle life of an execution environment": "执行环境的空闲存活时间", "age at which an idle execution environment ends": "空闲的执行环境存活多久后结束",
    "which idle environment takes a request: newest, recent (used last) or oldest (used longest ago)":
    "由哪个空闲的环境接收请求：newest（最新创建）、recent（最近使用过）或 oldest（最久没有使用）",
    "what a client waits at a cold start besides init and request": "冷启动时，除初始化和请求之外客户端等待的时间",
    "time in which 99 % of the requests of the busiest minutes must be answered by the VMs": "最忙的几分钟内，VM 必须在这段时间内响应 99% 的请求",
    "requests that an instance of Lambda Managed Instances takes at once": "Lambda 托管实例的一个实例可同时接收的请求数", "requests a vCPU": "个请求/vCPU",
    "time for which one VM is lost, from the busiest second on; 0: none is": "从最忙的一秒起，一台 VM 停机的时间；0 表示不停机",
    "whether the number of VMs follows the load, with the utilisation that headroom leaves as its target":
    "VM 台数是否随负载变化，目标利用率为 1 − headroom", "time from the decision to add a VM until it serves": "从决定增加一台 VM 到它开始服务的时间",
    "least number of VMs": "最少 VM 台数", "VMs beyond those that the load needs, so that as many may fail": "超出负载所需的 VM 台数，即可以容忍多少台出故障",
    "share of the processor that stays idle in the busiest second": "最忙一秒中处理器的空闲比例",
    "whether burstable VMs may use more than their baseline, and pay for it, instead of being more": "突发型 VM 是否可超出基准并为此付费，而不是增加台数",
    "snapshots that are kept of each VM's disk": "每台 VM 保留的磁盘快照", "NAT gateways, where VMs without public addresses need the Internet":
    "NAT 网关，供没有公网地址而又需要访问互联网的 VM 使用", "what goes through each NAT gateway": "经过每个 NAT 网关的流量",
    "whether the VM answers over TLS; AWS's gateways and load balancers always do": "VM 是否使用 TLS；AWS 的网关和负载均衡器总是使用",
    "connections that resume a TLS session": "恢复 TLS 会话的连接", "processor time that TLS adds to a request on an open connection":
    "TLS 给已有连接上的请求增加的处理器时间", "processor time of a new connection with a full TLS handshake": "完整 TLS 握手的新连接的处理器时间",
    "processor time of a new connection that resumes a TLS session": "恢复 TLS 会话的新连接的处理器时间", "what the VM sends for a full TLS handshake":
    "VM 为完整 TLS 握手发送的字节", "what the VM sends to resume a TLS session": "VM 为恢复 TLS 会话发送的字节",
    "whether an ALB is in front of the VMs, which then need no public addresses and no TLS": "VM 前面是否有 ALB；有则 VM 不需要公网地址和 TLS",
    "zones of the ALB, each with a public address": "ALB 的可用区，每个有一个公网地址", "mean capacity units of the ALB": "ALB 的平均容量单位",
    "whether CloudFront is in front": "前面是否有 CloudFront", "requests that CloudFront answers from its cache": "由 CloudFront 缓存响应的请求",
    "rules of a WAF, where one can be attached; 0: no WAF": "WAF 规则数（可用 WAF 之处）；0 表示没有 WAF", "hosted zones of Route 53": "Route 53 托管区",
    "access log in CloudWatch Logs, of API Gateway or of the web server": "CloudWatch Logs 中 API Gateway 或 Web 服务器的访问日志", "how long logs are kept": "日志保留时间",
    "what a stored log takes after compression": "日志压缩后的大小", "alarms on the Lambda side": "Lambda 一方的告警", "alarms on the VM side": "VM 一方的告警",
    "custom metrics, such as memory and disk, which EC2 does not have by itself": "自定义指标，如 EC2 本身没有的内存和磁盘指标",
    "people's work on the Lambda side": "Lambda 一方的人工", "people's work on the VM side": "VM 一方的人工",
    "what an hour of people's work costs, in the region's currency": "一小时人工的费用，以区域货币计",
    "how VMs are bought: on-demand, spot, reserved or savings; the last two give Lambda its Savings Plan, too":
        "VM 的购买方式：on-demand、spot、reserved 或 savings；后两种也让 Lambda 享受 Savings Plan",
    "share that the Savings Plan covers, if there is one": "Savings Plan 覆盖的比例（如果有）", "on-demand": "按需", "spot": "Spot", "reserved": "预留",
    "savings": "Savings Plan",

    # Sources and descriptions that are no citations.
    "a choice": "自选", "an assumption": "假设", "measured here": "本次测量", "an assumption: updates": "假设：更新", "an assumption: two certificates":
    "假设：两张证书", "an assumption: POST is never cached": "假设：POST 从不缓存", "an assumption: load varies from hour to hour": "假设：负载逐时变化",
    "third-party sources": "第三方来源", "a division": "一次除法", "the URL of a random image": "随机图片的 URL",
    "API Gateway adds less than 10 ms to 99 % of the requests": "99% 的请求中 API Gateway 增加不到 10 ms", "API Gateway adds 10 to 30 ms":
    "API Gateway 增加 10 至 30 ms", "no figure was found": "没有找到数据", "8,760 h a year divided by 12": "每年 8,760 小时除以 12",
}
