package org.annona.demo;

import java.util.List;

/** Names in four scripts, given and family names of one script together. */
enum SampleNames {
    LATIN(
            "Amina,Kofi,Wanjiru,Otieno,Fatou,Mamadou,Rosa,Juan,Grace,Peter,Mary,Joseph,Esther,Daniel,Ruth,Samuel,Naomi,"
                    + "David,Leah,Moses,Akinyi,Kamau,Njeri,Ochieng,Zainab,Yusuf,Halima,Ibrahim,Aïcha,José",
            "Mwangi,Odhiambo,Diallo,Okafor,Mensah,Garcia,Njoroge,Wekesa,Traoré,Keita,Hassan,Abdi,Kiptoo,Chebet,Mutua,"
                    + "Ndlovu,Banda,Phiri,Tembo,Müller,Santos,Cruz,Kariuki,Auma,Owino,Barasa,Simiyu,Koech,Langat,Rono"),
    ARABIC(
            "أحمد,محمد,فاطمة,عائشة,خالد,مريم,يوسف,زينب,علي,حسن,سارة,ليلى,عمر,إبراهيم,نور,خديجة,مصطفى,هدى,سعيد,رقية",
            "الحسن,عبدالله,المصري,الخطيب,النجار,الشريف,صالح,منصور,حداد,العلي,القاسم,البكري,الفارسي,السيد,الطيب"),
    DEVANAGARI(
            "राम,सीता,लक्ष्मी,गोपाल,सुनीता,अनिल,कमला,हरि,गीता,विजय,राधा,मोहन,सरिता,दीपक,आशा,प्रकाश,शांति,कृष्ण,मीना,रमेश",
            "शर्मा,थापा,अधिकारी,गुरुङ,तामाङ,यादव,मिश्र,वर्मा,पटेल,सिंह,राई,मगर,चौधरी,झा,खड्का"),
    ETHIOPIC(
            "አበበ,ከበደ,አልማዝ,ተስፋዬ,ሙሉጌታ,ሰላማዊት,ዮሐንስ,ማርያም,ገብረ,ሃና,ዳዊት,ሩት,ብርሃኑ,ትዕግስት,ሳሙኤል,እመቤት,ጌታቸው,ወርቅነሽ,መኮንን,አስቴር",
            "ተስፋ,ወልደ,ኃይሌ,በቀለ,ደስታ,ገብሬ,አሰፋ,ታደሰ,መንግስቱ,አለሙ,ፈቃዱ,ሽፈራው,ጥላሁን,ንጉሴ,ዘውዴ");

    final List<String> given;
    final List<String> family;

    SampleNames(String given, String family) {
        this.given = List.of(given.split(","));
        this.family = List.of(family.split(","));
    }
}
