package partner

import (
	"bytes"
	"context"
	"image"
	"image/draw"
	_ "image/jpeg" // for image.Decode
	"image/png"

	scale "golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // for image.Decode

	"github.com/pontage/pontage"
)

const (
	// MaxLogo bounds a logo in bytes, as it comes and as it is kept; maxLogoPixels how many pixels may come.
	MaxLogo       = 512 << 10
	maxLogoPixels = 4 << 20
	// logoSide is the longest side that is kept.
	logoSide = 1024
)

var errLogo = pontage.E(pontage.InvalidInput, "This is no PNG, JPEG or WebP that can be read.").At("/logo")

// logo decodes and encodes anew, a few at a time, because both take memory.
func (s *Service) logo(ctx context.Context, data []byte) ([]byte, error) {
	if len(data) > MaxLogo {
		return nil, pontage.E(pontage.TooLarge, "A logo has at most %d KB.", MaxLogo>>10).At("/logo")
	}
	size, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || kind != "png" && kind != "jpeg" && kind != "webp" {
		return nil, errLogo
	}
	if size.Width <= 0 || size.Height <= 0 || size.Width > maxLogoPixels || size.Height > maxLogoPixels || size.Width*size.Height > maxLogoPixels {
		return nil, pontage.E(pontage.TooLarge, "A logo has at most %d pixels.", maxLogoPixels).At("/logo")
	}
	select {
	case s.images <- struct{}{}:
		defer func() { <-s.images }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, errLogo
	}
	return shrink(picture)
}

// shrink gives the largest PNG that fits.
func shrink(picture image.Image) ([]byte, error) {
	for side := logoSide; side >= 1; side /= 2 {
		var out bytes.Buffer
		if err := png.Encode(&out, within(picture, side)); err != nil {
			return nil, err
		}
		if out.Len() <= MaxLogo {
			return out.Bytes(), nil
		}
	}
	return nil, errLogo
}

// within scales a picture down to a longest side; a smaller one is copied as it is.
func within(picture image.Image, side int) image.Image {
	from := picture.Bounds()
	width, height := from.Dx(), from.Dy()
	if longest := max(width, height); longest > side {
		width, height = max(1, width*side/longest), max(1, height*side/longest)
	}
	to := image.NewNRGBA(image.Rect(0, 0, width, height))
	if width == from.Dx() && height == from.Dy() {
		draw.Draw(to, to.Bounds(), picture, from.Min, draw.Src)
	} else {
		scale.ApproxBiLinear.Scale(to, to.Bounds(), picture, from, scale.Src, nil)
	}
	return to
}
