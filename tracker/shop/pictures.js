// The shop's pictures, drawn in the colours that the style sheet gives: a ground, a body, its shade, a detail.

const drawings = {
  mug: `
    <path class="body" d="M62 78h70v52c0 14-10 24-24 24H86c-14 0-24-10-24-24z"/>
    <path class="rim" d="M132 92h10c12 0 20 8 20 19s-8 19-20 19h-11"/>
    <path class="shade" d="M112 78h20v52c0 14-10 24-24 24h-6c8-4 10-12 10-24z"/>
    <ellipse class="detail" cx="97" cy="78" rx="35" ry="7"/>
    <path class="line" d="M84 60c-6-8 6-12 0-22M106 60c-6-8 6-12 0-22"/>`,
  teapot: `
    <path class="rim" d="M66 96c-22-6-26 40 2 36"/>
    <path class="body" d="M58 120c0-26 18-44 44-44s44 18 44 44c0 20-16 34-44 34s-44-14-44-34z"/>
    <path class="body" d="M138 112c14-2 14-22 30-26l2 6c-10 6-10 30-30 38z"/>
    <path class="shade" d="M118 79c18 6 28 21 28 41 0 20-16 34-44 34 22-8 30-44 16-75z"/>
    <path class="detail" d="M78 80c4-12 44-12 48 0-12 6-36 6-48 0z"/>
    <circle class="detail" cx="102" cy="64" r="7"/>`,
  cups: `
    <path class="body" d="M42 96h50v28c0 12-8 20-20 20H62c-12 0-20-8-20-20z"/>
    <ellipse class="detail" cx="67" cy="96" rx="25" ry="5"/>
    <path class="shade" d="M80 100h12v24c0 12-8 20-20 20 6-6 8-24 8-44z"/>
    <path class="body" d="M104 84h56v36c0 14-9 24-22 24h-12c-13 0-22-10-22-24z"/>
    <ellipse class="detail" cx="132" cy="84" rx="28" ry="6"/>
    <path class="shade" d="M146 89h14v31c0 14-9 24-22 24 8-8 8-33 8-55z"/>`,
  carafe: `
    <path class="body" d="M88 62h28v20c0 12 24 22 24 46 0 18-14 28-38 28s-38-10-38-28c0-24 24-34 24-46z"/>
    <path class="detail" d="M70 122c10-6 22 4 32 0s22-6 34 0c6 22-10 30-34 30s-40-8-32-30z"/>
    <path class="shade" d="M116 62v20c0 12 24 22 24 46 0 18-14 28-38 28 26-10 22-40 10-62-4-8-4-16-4-32z"/>
    <path class="cork" d="M90 46h24l-2 18H92z"/>`,
  bowl: `
    <path class="body" d="M42 90h120c0 40-24 62-60 62s-60-22-60-62z"/>
    <ellipse class="detail" cx="102" cy="90" rx="60" ry="12"/>
    <path class="shade" d="M132 100c14-2 30-6 30-10 0 40-24 62-60 62 20-8 30-28 30-52z"/>
    <path class="line" d="M82 152h40"/>`,
  plate: `
    <circle class="body" cx="102" cy="104" r="58"/>
    <path class="shade" d="M102 46a58 58 0 0 1 0 116c40-20 40-96 0-116z"/>
    <circle class="detail" cx="102" cy="104" r="38"/>
    <path class="line" d="M84 92c6-8 16-12 26-10"/>`,
  board: `
    <rect class="cork" x="52" y="54" width="82" height="106" rx="14"/>
    <path class="cork" d="M84 56V38c0-10 18-10 18 0v18z"/>
    <circle class="ground" cx="93" cy="42" r="4"/>
    <path class="grain" d="M66 78c10 8 6 50 0 62M86 70c8 20 4 60 0 78M108 72c-8 22 6 46 0 76M122 84c-6 16 2 34-2 52"/>
    <path class="detail" d="M146 60c14 8 14 38 4 58h-8z"/>
    <path class="shade" d="M142 118h8l-1 42c0 4-6 4-6 0z"/>`,
  vase: `
    <path class="stem" d="M102 84C98 60 112 44 104 20"/>
    <path class="leaf" d="M104 58c-22 4-28-10-30-18 16-2 26 4 30 18zM106 42c16-4 22-16 22-26-14 2-22 12-22 26z"/>
    <path class="body" d="M92 80h20c0 16 24 26 24 48 0 18-14 28-34 28s-34-10-34-28c0-22 24-32 24-48z"/>
    <path class="shade" d="M112 80c0 16 24 26 24 48 0 18-14 28-34 28 22-10 22-34 12-50-6-10-8-16-8-26z"/>
    <ellipse class="detail" cx="102" cy="80" rx="10" ry="3"/>`,
  candle: `
    <path class="flame" d="M102 34c10 12 12 20 0 30-12-10-10-18 0-30z"/>
    <path class="line" d="M102 64v10"/>
    <rect class="cork" x="86" y="72" width="32" height="62" rx="4"/>
    <path class="grain" d="M94 76v50M104 76v54"/>
    <path class="body" d="M56 132h92c0 14-16 22-46 22s-46-8-46-22z"/>
    <ellipse class="detail" cx="102" cy="132" rx="46" ry="8"/>
    <path class="cork" d="M86 128h32v4c-8 4-24 4-32 0z"/>`,
};

export const picture = ({ picture, tone, name }) => `
  <svg class="picture ${tone}" viewBox="0 0 204 204" role="img" aria-label="${name}">
    <rect class="ground" width="204" height="204"/>
    <circle class="sun" cx="102" cy="112" r="78"/>
    <ellipse class="floor" cx="102" cy="158" rx="64" ry="7"/>
    ${drawings[picture]}
  </svg>`;
