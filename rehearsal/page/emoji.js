// Emoji names as Slack writes them, and the characters they stand for.

const TABLE = `+1 👍 -1 👎 thumbsup 👍 thumbsdown 👎 white_circle ⚪ black_circle ⚫ red_circle 🔴 large_blue_circle 🔵
large_green_circle 🟢 large_yellow_circle 🟡 large_orange_circle 🟠 large_purple_circle 🟣 white_check_mark ✅
heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ question ❓ grey_question ❔ exclamation ❗
grey_exclamation ❕ bangbang ‼️ warning ⚠️ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 pushpin 📌 round_pushpin 📍 dart 🎯 eyes 👀
eye 👁️ tada 🎉 confetti_ball 🎊 heart ❤️ broken_heart 💔 blue_heart 💙 green_heart 💚 yellow_heart 💛 purple_heart 💜
smile 😄 grinning 😀 smiley 😃 grin 😁 joy 😂 rolling_on_the_floor_laughing 🤣 sweat_smile 😅 laughing 😆 wink 😉 blush 😊
slightly_smiling_face 🙂 upside_down_face 🙃 heart_eyes 😍 kissing_heart 😘 yum 😋 sunglasses 😎 nerd_face 🤓 thinking_face 🤔
neutral_face 😐 expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔
sleepy 😪 sleeping 😴 mask 😷 dizzy_face 😵 exploding_head 🤯 partying_face 🥳 confused 😕 worried 😟 slightly_frowning_face 🙁
open_mouth 😮 astonished 😲 flushed 😳 cry 😢 sob 😭 scream 😱 disappointed 😞 sweat 😓 tired_face 😫 angry 😠 rage 😡
skull 💀 robot_face 🤖 ghost 👻 wave 👋 raised_hand ✋ hand ✋ raised_hands 🙌 clap 👏 pray 🙏 handshake 🤝 muscle 💪 point_up ☝️
point_up_2 👆 point_down 👇 point_left 👈 point_right 👉 ok_hand 👌 v ✌️ crossed_fingers 🤞 fist ✊ facepunch 👊
writing_hand ✍️ facepalm 🤦 shrug 🤷 man-shrugging 🤷‍♂️ woman-shrugging 🤷‍♀️ man-facepalming 🤦‍♂️ woman-facepalming 🤦‍♀️
bust_in_silhouette 👤 busts_in_silhouette 👥 speech_balloon 💬 thought_balloon 💭 left_speech_bubble 🗨️ loudspeaker 📢 mega 📣
bell 🔔 no_bell 🔕 mute 🔇 see_no_evil 🙈 parking 🅿️ memo 📝 pencil 📝 pencil2 ✏️ clipboard 📋 page_facing_up 📄 page_with_curl 📃 scroll 📜 newspaper 📰 books 📚
notebook 📓 ledger 📒 bookmark 🔖 bookmark_tabs 📑 label 🏷️ paperclip 📎 link 🔗 calendar 📆 date 📅 spiral_calendar_pad 🗓️
card_index 📇 card_file_box 🗃️ file_folder 📁 open_file_folder 📂 inbox_tray 📥 outbox_tray 📤 package 📦 email 📧 envelope ✉️
ballot_box_with_ballot 🗳️ bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 scales ⚖️ hammer 🔨
hammer_and_wrench 🛠️ wrench 🔧 gear ⚙️ key 🔑 lock 🔒 unlock 🔓 mag 🔍 bulb 💡 fire 🔥 zap ⚡ star ⭐ star2 🌟 sparkles ✨
rocket 🚀 ship 🚢 trophy 🏆 medal 🎖️ sports_medal 🏅 crown 👑 gift 🎁 balloon 🎈 birthday 🎂 coffee ☕ tea 🍵 beer 🍺 beers 🍻 pizza 🍕 cookie 🍪
apple 🍎 sunny ☀️ cloud ☁️ umbrella ☔ snowflake ❄️ rainbow 🌈 ocean 🌊 seedling 🌱 herb 🌿 deciduous_tree 🌳 evergreen_tree 🌲 palm_tree 🌴
earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 globe_with_meridians 🌐 world_map 🗺️ dog 🐶 cat 🐱 bug 🐛 bee 🐝 penguin 🐧
turtle 🐢 snail 🐌 octopus 🐙 whale 🐳 clock1 🕐 clock3 🕒 clock9 🕘 alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ hourglass ⌛
hourglass_flowing_sand ⏳ watch ⌚ arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_forward ▶️
arrow_upper_right ↗️ arrow_right_hook ↪️ leftwards_arrow_with_hook ↩️ arrows_counterclockwise 🔄 repeat 🔁 fast_forward ⏩
double_vertical_bar ⏸️ black_square_for_stop ⏹️ heavy_plus_sign ➕ heavy_minus_sign ➖ 100 💯 ok 🆗 new 🆕 sos 🆘
information_source ℹ️ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟 zero 0️⃣
white_square_button 🔳 black_square_button 🔲 large_red_square 🟥 large_green_square 🟩 large_yellow_square 🟨 white_large_square ⬜
black_large_square ⬛ small_blue_diamond 🔹 small_orange_diamond 🔸 triangular_flag_on_post 🚩 checkered_flag 🏁 white_flag 🏳️
computer 💻 keyboard ⌨️ telephone_receiver 📞 microphone 🎤 headphones 🎧 movie_camera 🎥 camera 📷 tv 📺 construction 🚧 rotating_light 🚨
put_litter_in_its_place 🚮 wastebasket 🗑️ house 🏠 office 🏢 door 🚪 chair 🪑 classical_building 🏛️ recycle ♻️ infinity ♾️`;

const words = TABLE.split(/\s+/);
const CHARACTERS = new Map();
for (let i = 0; i < words.length; i += 2) CHARACTERS.set(words[i], words[i + 1]);

/** An emoji, written by name or as itself. */
export const EMOJI = /:[a-z0-9_+'\-]{1,100}(?:::skin-tone-[2-6])?:|\p{RGI_Emoji}/gv;

/** The character(s) for a name such as `+1` or `+1::skin-tone-3`, or null when the name is unknown. */
export function emojiCharacter(name) {
  const [base, tone] = name.split("::");
  const character = CHARACTERS.get(base);
  if (!character) return null;
  const step = /^skin-tone-([2-6])$/.exec(tone ?? "")?.[1];
  return step ? character.replace("\ufe0f", "") + String.fromCodePoint(0x1f3f9 + Number(step)) : character;
}

/** What is shown for a name: its character, or `:name:` when we do not know it. */
export const emojiText = (name) => emojiCharacter(name) ?? `:${name}:`;

const TONES = [2, 3, 4, 5, 6].map((n) => `::skin-tone-${n}`);

/** The reactions the picker offers. */
export const PICKER = ["+1", "-1", "white_circle", "pushpin", "dart", "white_check_mark", "question", "parking", "mute",
  "eyes", "tada", "heart", ...TONES.map((t) => `+1${t}`), ...TONES.map((t) => `-1${t}`)];
