"""The words that made-up records are written with."""

PROGRAMMES = [
    "Pelatihan Kerja Berbasis Kompetensi",
    "Penempatan Tenaga Kerja",
    "Pemagangan Dalam Negeri",
    "Integrasi Data Ketenagakerjaan",
    "Sertifikasi Kompetensi Kerja",
    "Pengawasan Keselamatan dan Kesehatan Kerja",
    "Pengembangan Balai Latihan Kerja",
    "Pembinaan Hubungan Industrial",
    "Perluasan Kesempatan Kerja",
    "Peningkatan Produktivitas",
    "Penyelenggaraan Bursa Kerja",
    "Pengembangan Wirausaha Baru",
    "Perlindungan Pekerja Migran Indonesia",
    "Penelitian Pasar Kerja",
    "Pengembangan Talenta Digital",
    "Penyiapan Pekerjaan Hijau",
]
FIELDS = [
    "di Sektor Maritim",
    "di Sektor Pariwisata",
    "di Bidang Manufaktur",
    "di Bidang Konstruksi",
    "bagi Pencari Kerja Muda",
    "bagi Penyandang Disabilitas",
    "bagi Pekerja Perempuan",
    "bagi Lulusan Sekolah Menengah Kejuruan",
    "bagi Calon Transmigran",
    "melalui Pelatihan Vokasi",
    "melalui Layanan Terpadu Satu Atap",
    "pada Kawasan Industri",
]
REMAINING = [
    "serta Penguatan Kelembagaan",
    "dan Pemanfaatan Sarana Prasarana",
    "dan Pertukaran Informasi",
    "serta Pengembangan Sumber Daya Manusia",
    "Tahap Kedua",
    "Tahun Anggaran Berjalan",
]
PLACES = [*["Jakarta"] * 8, "Ruang Tridharma, Gedung Kemnaker, Jakarta", "Bekasi", "Bandung", "Semarang"]
PLACES += ["Surabaya", "Makassar", "Medan", "Serang", "Denpasar", "Ternate", ""]
SECTORS = ["Logistik", "Tekstil", "Energi", "Perikanan", "Otomotif", "Konstruksi", "Boga", "Teknologi"]
SECTORS += ["Elektronika", "Perkebunan", "Farmasi", "Perhotelan", "Pelayaran", "Kimia", "Media", "Mebel"]
SYLLABLES = ["sa", "ru", "ka", "mi", "ta", "ne", "lo", "ga", "wi", "ja", "pu", "di", "ba", "re", "so", "yu"]
SYLLABLES += ["nan", "dar", "wan", "tir", "bel", "mun", "pas", "gar", "sen", "lin", "cak", "ram"]
VERBS = ["Melatih", "Menempatkan", "Menyertifikasi", "Mendampingi", "Membina", "Memagangkan", "Mendata"]
OBJECTS = [
    "peserta pelatihan kerja",
    "pencari kerja terdaftar",
    "instruktur balai latihan kerja",
    "lulusan pelatihan vokasi",
    "pekerja perempuan",
    "penyandang disabilitas",
    "calon wirausaha",
    "perusahaan binaan",
    "peserta magang",
]
VAGUE = [
    "Menyediakan fasilitas dan sumber daya pendukung",
    "Melakukan koordinasi secara berkala",
    "Bertukar data dan informasi ketenagakerjaan",
    "Menyusun rencana kerja bersama",
    "Mendukung penyelenggaraan pelatihan di wilayah kerja",
    "Menyebarluaskan informasi lowongan kerja",
]
PROOFS = [
    "laporan pelaksanaan",
    "daftar hadir peserta",
    "salinan sertifikat",
    "berita acara",
    "tangkapan data",
]
NOTES = [
    "Kegiatan berjalan sesuai jadwal.",
    "Sebagian peserta baru mulai pada triwulan berikut.",
    "Pelaksanaan dipindahkan ke balai latihan kerja terdekat.",
    "",
    "",
]
OBSTACLES = ["", "", "", "budget", "staff", "facilities", "coordination", "data", "participants"]
SENTENCES = [
    "PARA PIHAK sepakat untuk melaksanakan kegiatan sebagaimana diatur dalam naskah ini",
    "Ruang lingkup kerja sama meliputi pelatihan, sertifikasi dan penempatan tenaga kerja",
    "PIHAK KESATU menyediakan instruktur dan modul pelatihan",
    "PIHAK KEDUA menyediakan tempat, peserta dan sarana pendukung",
    "Pembiayaan dibebankan pada anggaran masing-masing pihak sesuai peraturan perundang-undangan",
    "Pemantauan dan evaluasi dilakukan paling sedikit satu kali dalam satu tahun",
    "Hal yang belum cukup diatur akan dituangkan dalam adendum yang tidak terpisahkan",
    "Perselisihan diselesaikan secara musyawarah untuk mencapai mufakat",
    "Data ketenagakerjaan dipertukarkan melalui sistem informasi ketenagakerjaan",
    "Laporan pelaksanaan disampaikan kepada pimpinan masing-masing pihak",
    "Naskah dibuat rangkap dua, bermeterai cukup dan mempunyai kekuatan hukum yang sama",
    "Kegiatan dilaksanakan di balai latihan kerja yang ditetapkan bersama",
]
POSTS = [
    "Direktur Utama",
    "Rektor",
    "Ketua Umum",
    "Sekretaris Jenderal",
    "Kepala Dinas",
    "Bupati",
    "Gubernur",
]
MINISTRY_POSTS = ["Sekretaris Jenderal", "Direktur Jenderal", "Kepala Balai", "Kepala Biro Kerja Sama"]
CAPACITIES = ["definitive"] * 8 + ["plt", "plh", "pj", "an", "deputy", ""]
CLOSED = ["Disepakati para pihak", "Anggaran tidak tersedia", "Digabung dengan naskah lain"]
