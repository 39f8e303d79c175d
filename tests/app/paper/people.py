"""Invented children for the tests of the paper."""

from app.paper.archive_data import (
    NOT_APPLICABLE,
    ArchiveSheet,
    CareDetails,
    CarePaper,
    CareWork,
    CategoryEntry,
    ChangeEntry,
    ContactEntry,
    DatedText,
    Determination,
    FamilyMember,
    HealthDetails,
    PairEntry,
    ParentDetails,
    PersonalDetails,
    PlanEntry,
    TrackingEntry,
)
from app.paper.printing import PrintStamp

STAMP = PrintStamp(printed_at="2026-11-21 10:42", commit_no=1234, as_of="2026-11-21")


def full_sheet(key: str = "a", name: str = "欧阳慕容雨桐", class_name: str = "五（2）班") -> ArchiveSheet:
    """A child about whom nearly everything is known."""
    return ArchiveSheet(
        child_key=key,
        school="青石坪镇中心小学",
        archive_no="2024-031",
        opened_on="2024-09-12",
        personal=PersonalDetails(
            name=name,
            former_name="小雨",
            sex="女",
            ethnicity="汉族",
            birth_date="2015-07-26",
            age="11 岁",
            id_number="500000201507260007",
            student_registry_no="G500000201507260007",
            student_no="17",
            class_name=class_name,
            native_place="青石坪县青石坪镇",
            birth_place="青石坪县人民医院",
            political_status="少先队员",
            only_child="否",
            boarding="住校，2025-09 起",
            schooling="小学",
            household_kind="农村",
            household_place="青石坪镇青石坪村 3 组",
            address="青石坪镇青石坪村 3 组 41 号",
            earlier_addresses=(
                DatedText(text="大垭村 1 组", since="2015-07", until="2021-08", source="家访"),
            ),
            phone="12300006200",
        ),
        determinations=(
            Determination(
                rule="学籍系统",
                answer="2 双亲留守",
                reason="父亲 2023-03 起、母亲 2023-08 起外出，都满 3 个月",
            ),
            Determination(
                rule="国发〔2016〕13号",
                answer="是",
                reason="农村户籍，2026-11-21 未满 16 周岁（11 岁），父母双方外出务工",
            ),
            Determination(rule="本校口径", answer="是", reason="至少一方外出满 3 个月"),
        ),
        parents=(
            ParentDetails(
                relation="父亲",
                name="欧阳慕容建国",
                life_status="健在",
                birth_date="1986-05-03",
                id_number="500000198605030015",
                phones="12300006217",
                away="外出",
                away_since="2023-03",
                place="浙江省义乌市",
                trade="饰品厂，打磨工",
                expected_return="2027-01",
                capacity="有",
                earlier=(
                    DatedText(text="广东省东莞市，鞋厂", since="2018-02", until="2020-01", source="花名册"),
                    DatedText(text="福建省晋江市，建筑", until="2017", source="家访"),
                ),
            ),
            ParentDetails(
                relation="母亲",
                name="刘芳",
                life_status="健在",
                birth_date="1988-11",
                phones="12300002751（手机）\n023-00001111（厂里）",
                away="外出",
                away_since="2023-08",
                place="广东省东莞市",
                trade="电子厂",
            ),
        ),
        marriage="在婚",
        care=CareDetails(
            arrangement="隔代监护",
            carer="何玉梅",
            relation="外祖母",
            since="2023-08",
            birth_date="1956-02",
            id_number="500000195602010027",
            phones="12300004402",
            address="青石坪镇青石坪村 3 组 41 号",
            health="外祖父腿脚不便，外祖母高血压",
            education="小学",
            language="只说方言",
            grade="一般",
            assessed_on="2025-09-10",
            assessor="陈素兰",
            papers=(
                CarePaper(kind="委托照护协议", state="有", dated_on="2023-09-01", kept_at="档案盒④ 12"),
                CarePaper(kind="书面告知", state="有", dated_on="2023-09-01", kept_at="档案盒④ 12"),
                CarePaper(
                    kind="四项禁止情形声明", state="已声明", dated_on="2023-09-01", kept_at="档案盒④ 12"
                ),
                CarePaper(kind="听取孩子意见", state="有", dated_on="2023-09"),
            ),
            earlier=(DatedText(text="祖母 欧阳氏", since="2021-09", until="2023-08", source="家访"),),
        ),
        contacts=(
            ContactEntry(
                who="外祖母 何玉梅",
                number="12300004402",
                reachable="晚上 8 点后",
                confirmed_on="2025-10-16",
                language_note="方言",
            ),
            ContactEntry(who="父亲 欧阳慕容建国", number="12300006217", confirmed_on="2025-09-01"),
            ContactEntry(who="青石坪村委会", number="023-00002222"),
        ),
        family=(
            FamilyMember(
                relation="外祖父", name="刘顺昌", birth_date="1953-10", lives_together="是", note="腿脚不便"
            ),
            FamilyMember(
                relation="弟弟",
                name="欧阳慕容雨辰",
                birth_date="2018-04-02",
                lives_together="是",
                note="二（1）班",
            ),
            FamilyMember(
                relation="祖父", name="欧阳德", birth_date="", lives_together="否", note="已故，2019"
            ),
        ),
        income="打工收入、种养殖业",
        aid="享受低保（2024-03 起）",
        categories=(
            CategoryEntry(category="留守儿童", basis="入户摸底", evidence_date="2023-09-01", since="2023-09"),
            CategoryEntry(
                category="家庭困难",
                basis="低保证",
                evidence_date="2024-03-15",
                since="2024-03",
                kept_at="档案盒③",
            ),
        ),
        health=HealthDetails(
            status="一般",
            illness=NOT_APPLICABLE,
            disability=NOT_APPLICABLE,
            certificate_no=NOT_APPLICABLE,
            blood_type="O",
            allergies="青霉素",
            medical_history="2022 年春患过肺炎，住院一周。",
        ),
        study="语文较好，数学应用题吃力；作业大多按时完成，家里没有人能辅导。",
        personality="内向，做事细心，熟悉以后话多。",
        hobbies="画画、跳绳，喜欢看《十万个为什么》。",
        state_of_mind="想妈妈，通话以后一两天情绪低；和同桌要好。",
        behaviour="守纪律，按时到校，值日认真。",
        family_contact="每周日晚与母亲视频；父亲每月通话一两次。外祖母到校参加过两次家长会。",
        care_measures="结对教师每两周谈心一次；周三课后数学辅导。",
        special_needs="看黑板吃力，需要验光配镜。",
        care_work=CareWork(
            pairs=(
                PairEntry(kind="帮扶教师", supporter="李国平，教师", since="2026-09-08", focus="数学、心理"),
                PairEntry(
                    kind="代理家长", supporter="段晓燕", since="2025-09-10", until="2026-07-05，帮扶人离开"
                ),
            ),
            plan=PlanEntry(
                term="2026—2027学年第一学期（秋季）",
                situation="通话以后情绪低。",
                aims="心理：愿意说出来\n学习：应用题会读题",
                measures="每周三课后辅导（三点半）",
            ),
            tracking=(
                TrackingEntry(
                    day="2026-11-06\n补录（12 天）",
                    kind="谈心\n心理疏导",
                    by="李国平",
                    content="说夜里想妈妈，约好周一中午打电话。",
                    after="承诺：下次带一双棉手套（约定 2026-11-20）",
                ),
            ),
            counted="作业辅导 9 次，成长日记 10 次",
        ),
        changes=(
            ChangeEntry(
                happened_on="2023-08",
                entered_on="2023-09-02",
                what="监护人",
                before="祖母 欧阳氏",
                after="外祖母 何玉梅",
                who="陈素兰",
            ),
            ChangeEntry(
                happened_on="2025-09",
                entered_on="2025-09-03",
                what="就读方式",
                before="走读",
                after="住校",
                who="陈素兰",
            ),
        ),
        built_by="陈素兰",
    )


def bare_sheet(
    key: str = "b", name: str = "买买提·阿卜杜热西提", class_name: str = "二（1）班"
) -> ArchiveSheet:
    """A child of whom hardly more than the name is known."""
    return ArchiveSheet(
        child_key=key,
        school="青石坪镇中心小学",
        personal=PersonalDetails(name=name, sex="男", ethnicity="维吾尔族", class_name=class_name),
    )


def rare_sheet(key: str = "c") -> ArchiveSheet:
    """A child whose names need rare characters."""
    return ArchiveSheet(
        child_key=key,
        school="青石坪镇中心小学",
        archive_no="2025-007",
        personal=PersonalDetails(
            name="覃䶮𬭎", former_name="𠮷㛃", sex="女", ethnicity="壮族", class_name="三（1）班"
        ),
        parents=(
            ParentDetails(relation="父亲", name="覃𡋾㼆", life_status="健在"),
            ParentDetails(
                relation="母亲", name="张𫖯𬀩𬱖", life_status="已故，2021-03", phones=NOT_APPLICABLE
            ),
        ),
    )


def endless_sheet(key: str = "d") -> ArchiveSheet:
    """A child with values of unreasonable length everywhere."""
    story = "孩子每天放学以后先去村口小卖部等外祖母收工，再一起走四十分钟山路回家，作业常在路灯下写；"
    address = "云南省红河哈尼族彝族自治州金平苗族瑶族傣族自治县老集寨乡黑山村民委员会新发寨村民小组（旧学校后面第三户，靠水井）"
    return ArchiveSheet(
        child_key=key,
        school="云南省红河哈尼族彝族自治州金平苗族瑶族傣族自治县老集寨乡中心小学黑山教学点（寄宿制）",
        archive_no="2026-一人一档-0000123",
        personal=PersonalDetails(
            name="阿卜杜热西提·买买提吐尔逊·阿不都热合曼江",
            former_name="小名很多个字的孩子",
            sex="男",
            ethnicity="塔吉克族",
            birth_date="2014-10",
            birth_note="与身份证不一致：身份证为 2014-01-10",
            id_number="110105194912310021",
            id_note="末位校验码不符，请看户口本",
            class_name="九年级（12）班",
            address=address,
            household_place=address,
            phone="12300001111、12300002222、12300003333、12300004444",
        ),
        parents=tuple(
            ParentDetails(
                relation=relation,
                name="阿不都热合曼江·买买提吐尔逊·玉素甫",
                life_status="失联，2024-05 起",
                phones="12300001111、12300002222、12300003333、12300004444、023-00001111 转 8023",
                place=address,
                trade="建筑工地钢筋工，农闲时在家附近的砖厂做零工",
                earlier=tuple(
                    DatedText(
                        text=f"第 {n} 个工地，{address}",
                        since=f"20{n:02}-03",
                        until=f"20{n:02}-12",
                        source="家访",
                    )
                    for n in range(22, 10, -1)
                ),
                note=story * 2,
            )
            for relation in ("父亲", "继母", "养父")
        ),
        care=CareDetails(
            arrangement="其他", carer="玉素甫江·阿不都热合曼", relation="叔叔", health=story, address=address
        ),
        contacts=tuple(
            ContactEntry(who=f"联系人{n} {address}", number="12300001111", reachable=story)
            for n in range(1, 6)
        ),
        family=tuple(
            FamilyMember(relation="堂兄弟姐妹", name="阿不都热合曼江·买买提", note=story) for _ in range(9)
        ),
        study=story * 60,
        personality=story * 3,
        care_measures="\n".join(f"{n}. {story}" for n in range(1, 20)),
        special_needs="https://example.org/" + "x" * 300,
        changes=tuple(
            ChangeEntry(
                happened_on=f"2026-0{n % 9 + 1}-01",
                entered_on="2026-10-01",
                what="父亲务工地",
                before=address,
                after=address,
                who="陈素兰",
            )
            for n in range(30)
        ),
    )
